// Statements in pieces of some hundred rows. Rows are told apart by comparisons that take null for
// null, so that the genre of unknown tracks is a key like others.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stave/upsert.h"
#include "tools/output/json_writer.h"
#include "tools/output/text_buffer.h"

namespace stave {
namespace {

constexpr std::uint64_t kRowsOfInsert = 500;
constexpr std::uint64_t kItemsOfRequest = 25;  // as many as the service takes

struct NamedDialect {
  std::string_view name;
  UpsertDialect dialect;
};
constexpr std::array<NamedDialect, 3> kDialects{{{"postgres", UpsertDialect::kPostgres},
                                                 {"redshift", UpsertDialect::kRedshift},
                                                 {"dynamodb", UpsertDialect::kDynamoDb}}};

Failure several_results() {
  return fail(ErrorCode::kUnsupported,
              "Statements are made of one result, and this program has several.");
}

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char byte : name) {
    if (byte == '"') text += '"';
    text += byte;
  }
  return text + "\"";
}

// "kpi.metrics" is the table metrics of the schema kpi, as downstream systems have it.
std::string table_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return quoted_name(name);
  return quoted_name(name.substr(0, dot)) + "." + quoted_name(name.substr(dot + 1));
}

class SqlUpsert : public Output {
 public:
  SqlUpsert(UpsertDialect dialect, std::string table, std::vector<std::string> key, TextSink write)
      : is_redshift_(dialect == UpsertDialect::kRedshift),
        table_(std::move(table)),
        key_(std::move(key)),
        out_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (!columns_.empty()) return several_results();
    columns_ = columns;
    std::string& text = out_.text();
    text += "BEGIN;\n";
    if (!is_redshift_) text += "SET LOCAL standard_conforming_strings = on;\n";
    if (const std::size_t dot = table_.find('.'); dot != std::string::npos) {
      text += fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", quoted_name(table_.substr(0, dot)));
    }
    const std::string definition = columns_text();
    text += fmt::format("CREATE TABLE IF NOT EXISTS {} (\n{});\n", table_name(table_), definition);
    text += fmt::format("CREATE TEMPORARY TABLE stave_staging (\n{}){};\n", definition,
                        is_redshift_ ? "" : " ON COMMIT DROP");
    return out_.drain();
  }

  Result<void> batch(const ResultBatch& batch) override {
    std::string& text = out_.text();
    for (std::uint32_t row = 0; row < batch.rows(); ++row, ++rows_) {
      const bool is_first = rows_ % kRowsOfInsert == 0;
      if (is_first && rows_ > 0) text += ";\n";
      text += is_first ? "INSERT INTO stave_staging VALUES\n  (" : ",\n  (";
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        if (column > 0) text += ", ";
        append_value(batch, row, column, text);
      }
      text += ')';
      if (auto drained = out_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override {
    std::string& text = out_.text();
    if (rows_ > 0) text += ";\n";
    const std::string target = table_name(table_);
    std::string same;
    for (const std::string& name : key_) {
      const std::string ours = target + "." + quoted_name(name);
      const std::string theirs = "stave_staging." + quoted_name(name);
      if (!same.empty()) same += "\n  AND ";
      same += is_redshift_
                  ? fmt::format("({0} = {1} OR ({0} IS NULL AND {1} IS NULL))", ours, theirs)
                  : fmt::format("{} IS NOT DISTINCT FROM {}", ours, theirs);
    }
    std::string names;
    for (const ResultColumn& column : columns_) {
      names += (names.empty() ? "" : ", ") + quoted_name(column.name);
    }
    text += fmt::format("DELETE FROM {} USING stave_staging\nWHERE {};\n", target, same);
    text += fmt::format("INSERT INTO {0} ({1})\nSELECT {1} FROM stave_staging;\n", target, names);
    if (is_redshift_) text += "DROP TABLE stave_staging;\n";
    text += "COMMIT;\n";
    return {};
  }

  Result<void> finish() override { return out_.flush(); }

 private:
  std::string type_text(Type type) const {
    switch (type.kind) {
      case TypeKind::kBool:
        return "boolean";
      case TypeKind::kInt64:
        return "bigint";
      case TypeKind::kDecimal:
        return fmt::format("numeric({},{})", type.precision, type.scale);
      case TypeKind::kFloat64:
        return "double precision";
      case TypeKind::kDate:
        return "date";
      case TypeKind::kTimestamp:
        return "timestamp";
      case TypeKind::kString:
      case TypeKind::kList:
      case TypeKind::kNull:
        break;
    }
    return is_redshift_ ? "varchar(65535)" : "text";
  }

  std::string columns_text() const {
    std::string text;
    for (const ResultColumn& column : columns_) {
      text += fmt::format("{}  {} {}", text.empty() ? "" : ",\n", quoted_name(column.name),
                          type_text(column.type));
    }
    return text + "\n";
  }

  void append_value(const ResultBatch& batch, std::uint32_t row, std::size_t column,
                    std::string& text) const {
    if (batch.is_null(row, column)) {
      text += "NULL";
      return;
    }
    const TypeKind kind = columns_[column].type.kind;
    if (kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kBool) {
      batch.append_text(row, column, text);
      return;
    }
    std::string value;
    batch.append_text(row, column, value);
    text += '\'';
    for (const char byte : value) {
      // Redshift reads a backslash as the beginning of an escape.
      if (byte == '\'' || (byte == '\\' && is_redshift_)) text += byte;
      text += byte;
    }
    text += '\'';
  }

  bool is_redshift_;
  std::string table_;
  std::vector<std::string> key_;
  TextBuffer out_;
  std::vector<ResultColumn> columns_;
  std::uint64_t rows_ = 0;
};

class DynamoDbItems : public Output {
 public:
  DynamoDbItems(std::string table, std::vector<std::string> key, TextSink write)
      : table_(std::move(table)), key_(std::move(key)), out_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (!columns_.empty()) return several_results();
    columns_ = columns;
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      auto item = item_of(batch, row);
      if (!item) return pass(item);
      items_.push_back(*std::move(item));
      if (items_.size() == kItemsOfRequest) write_request();
      if (auto drained = out_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override {
    if (!items_.empty()) write_request();
    return {};
  }
  Result<void> finish() override { return out_.flush(); }

 private:
  Result<std::string> item_of(const ResultBatch& batch, std::uint32_t row) const {
    JsonWriter json;
    json.begin_object();
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const ResultColumn& named = columns_[column];
      if (batch.is_null(row, column)) {
        if (std::find(key_.begin(), key_.end(), named.name) == key_.end()) continue;
        return fail(ErrorCode::kInvalidData,
                    "An item has no value in its key, which DynamoDB does not take: column " +
                        named.name + ". Fill it in the report, with coalesce.");
      }
      std::string value;
      batch.append_text(row, column, value);
      json.key(named.name).begin_object();
      append_attribute(named.type.kind, value, json);
      json.end_object();
    }
    json.end_object();
    return json.json();
  }

  static void append_attribute(TypeKind kind, const std::string& value, JsonWriter& json) {
    switch (kind) {
      case TypeKind::kInt64:
      case TypeKind::kDecimal:
        json.key("N").text(value);
        return;
      case TypeKind::kFloat64: {
        // Its numbers reach from 1e-130 to 1e126 and know no infinity.
        const bool is_number = value.find_first_of("in") == std::string::npos;
        json.key(is_number ? "N" : "S").text(value);
        return;
      }
      case TypeKind::kBool:
        json.key("BOOL").flag(value == "true");
        return;
      case TypeKind::kList:
        json.key("L").begin_array();
        for (const std::string& part : texts_of(value)) {
          json.begin_object();
          json.key("S").raw(part);
          json.end_object();
        }
        json.end_array();
        return;
      default:
        json.key("S").text(value);
        return;
    }
  }

  // The texts of a JSON array of texts, each as JSON.
  static std::vector<std::string> texts_of(std::string_view array) {
    std::vector<std::string> texts;
    for (std::size_t at = 1; at < array.size(); ++at) {
      if (array[at] != '"') continue;
      std::size_t end = at + 1;
      while (end < array.size() && array[end] != '"') end += array[end] == '\\' ? 2 : 1;
      texts.emplace_back(array.substr(at, end + 1 - at));
      at = end;
    }
    return texts;
  }

  void write_request() {
    JsonWriter json;
    json.begin_object();
    json.key("RequestItems").begin_object();
    json.key(table_).begin_array();
    for (const std::string& item : items_) {
      json.begin_object();
      json.key("PutRequest").begin_object();
      json.key("Item").raw(item);
      json.end_object();
      json.end_object();
    }
    json.end_array();
    json.end_object();
    json.end_object();
    out_.text() += json.json() + "\n";
    items_.clear();
  }

  std::string table_;
  std::vector<std::string> key_;
  TextBuffer out_;
  std::vector<ResultColumn> columns_;
  std::vector<std::string> items_;
};

}  // namespace

Result<UpsertDialect> upsert_dialect(std::string_view name) {
  std::string known;
  for (const NamedDialect& row : kDialects) {
    if (row.name == name) return row.dialect;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return fail(ErrorCode::kInvalidArgument,
              "No such dialect of upserts: " + std::string(name) + ". Use one of " + known + ".");
}

std::unique_ptr<Output> make_upsert_statements(UpsertDialect dialect, const std::string& table,
                                               const std::vector<std::string>& key,
                                               TextSink write) {
  if (dialect == UpsertDialect::kDynamoDb) {
    return std::make_unique<DynamoDbItems>(table, key, std::move(write));
  }
  return std::make_unique<SqlUpsert>(dialect, table, key, std::move(write));
}

}  // namespace stave
