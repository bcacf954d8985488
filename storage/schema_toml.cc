// Schemas as TOML text, both ways. The keys are described in docs/schema.md.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>

#include "storage/schema.h"
#include "storage/type_text.h"

namespace stave {
namespace {

// Reads one schema; remembers the first fault, so that reading goes on plainly.
class SchemaReader {
 public:
  explicit SchemaReader(std::string_view origin) : origin_(origin) {}

  Result<Schema> read(const toml::table& root) {
    Schema schema;
    expect_keys(root, {"name", "table"}, "the schema");
    schema.name = text(root, "name", true, root);
    const toml::array* tables = array(root, "table");
    if (tables == nullptr) {
      set_fault(root, "A schema needs tables. Add [[table]] sections");
    } else {
      for (const toml::node& node : *tables) {
        if (const toml::table* table = as_table(node, "[[table]]")) {
          schema.tables.push_back(read_table(*table));
        }
      }
    }
    if (!fault_.empty()) {
      return fail(ErrorCode::kInvalidArgument, fault_);
    }
    return schema;
  }

 private:
  void set_fault(const toml::node& node, const std::string& message) {
    if (fault_.empty()) {
      const auto& begin = node.source().begin;
      fault_ = fmt::format("{}: {}, line {}. See docs/schema.md.", message, origin_, begin.line);
    }
  }

  void expect_keys(const toml::table& table, std::initializer_list<std::string_view> known,
                   std::string_view what) {
    for (const auto& [key, value] : table) {
      if (std::ranges::find(known, key.str()) == known.end()) {
        set_fault(value, fmt::format("A key is not known here: \"{}\" in {}; known are {}",
                                     key.str(), what, fmt::join(known, ", ")));
      }
    }
  }

  const toml::table* as_table(const toml::node& node, std::string_view what) {
    if (!node.is_table()) {
      set_fault(node, fmt::format("A table is expected for {}", what));
    }
    return node.as_table();
  }

  std::string text(const toml::table& table, std::string_view key, bool needed,
                   const toml::node& place) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (needed) {
        set_fault(place, fmt::format("The key \"{}\" is missing", key));
      }
      return "";
    }
    if (!node->is_string()) {
      set_fault(*node, fmt::format("The key \"{}\" must be a string", key));
      return "";
    }
    return **node->as_string();
  }

  bool flag(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node != nullptr && !node->is_boolean()) {
      set_fault(*node, fmt::format("The key \"{}\" must be true or false", key));
    }
    return node != nullptr && node->is_boolean() && **node->as_boolean();
  }

  const toml::array* array(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node != nullptr && !node->is_array()) {
      set_fault(*node, fmt::format("The key \"{}\" must be a list", key));
    }
    return node == nullptr ? nullptr : node->as_array();
  }

  std::vector<std::string> texts(const toml::table& table, std::string_view key) {
    std::vector<std::string> values;
    if (const toml::array* list = array(table, key)) {
      for (const toml::node& node : *list) {
        if (!node.is_string()) {
          set_fault(node, fmt::format("The key \"{}\" must be a list of strings", key));
          break;
        }
        values.push_back(**node.as_string());
      }
    }
    return values;
  }

  TableSchema read_table(const toml::table& source) {
    expect_keys(source,
                {"name", "aliases", "kind", "key", "time", "cluster", "columns", "relations"},
                "a table");
    TableSchema table;
    table.name = text(source, "name", true, source);
    table.aliases = texts(source, "aliases");
    const std::string kind = text(source, "kind", true, source);
    if (kind != "fact" && kind != "dimension") {
      set_fault(source,
                fmt::format("The kind of a table is \"fact\" or \"dimension\": \"{}\" of {}", kind,
                            table.name));
    }
    table.kind = kind == "fact" ? TableKind::kFact : TableKind::kDimension;
    table.key = texts(source, "key");
    table.time_column = text(source, "time", false, source);
    read_cluster(source, table);
    if (const toml::array* columns = array(source, "columns")) {
      for (const toml::node& node : *columns) {
        if (const toml::table* column = as_table(node, "a column")) {
          table.columns.push_back(read_column(*column));
        }
      }
    }
    if (const toml::array* relations = array(source, "relations")) {
      for (const toml::node& node : *relations) {
        if (const toml::table* relation = as_table(node, "a relation")) {
          expect_keys(*relation, {"name", "column", "table"}, "a relation");
          table.relations.push_back({text(*relation, "name", true, *relation),
                                     text(*relation, "column", true, *relation),
                                     text(*relation, "table", true, *relation)});
        }
      }
    }
    return table;
  }

  void read_cluster(const toml::table& source, TableSchema& table) {
    const std::string cluster = text(source, "cluster", false, source);
    const std::size_t dot = cluster.find('.');
    if (cluster.empty()) {
      return;
    }
    if (dot == std::string::npos || dot == 0 || dot + 1 == cluster.size()) {
      set_fault(*source.get("cluster"),
                fmt::format("The key \"cluster\" is \"relation.column\", not \"{}\"", cluster));
      return;
    }
    table.cluster_relation = cluster.substr(0, dot);
    table.cluster_column = cluster.substr(dot + 1);
  }

  ColumnSchema read_column(const toml::table& source) {
    expect_keys(source,
                {"name", "type", "domain", "aliases", "null_in_key", "first_of_month", "default"},
                "a column");
    ColumnSchema column;
    column.name = text(source, "name", true, source);
    const std::string type = text(source, "type", true, source);
    column.typed_by_domain = type == "key";
    if (!column.typed_by_domain) {
      if (const auto parsed = type_from_text(type)) {
        column.type = *parsed;
      } else {
        set_fault(source,
                  fmt::format("A type is not known: \"{}\" of column \"{}\"; known are i64, "
                              "decimal(p,s), f64, bool, string, date, timestamp and key",
                              type, column.name));
      }
    }
    column.domain = text(source, "domain", false, source);
    column.null_in_key = flag(source, "null_in_key");
    column.first_of_month = flag(source, "first_of_month");
    if (const toml::array* aliases = array(source, "aliases")) {
      for (const toml::node& node : *aliases) {
        column.aliases.push_back(read_alias(node));
      }
    }
    if (const toml::node* value = source.get("default")) {
      read_default(*value, column);
    }
    return column;
  }

  ColumnAlias read_alias(const toml::node& node) {
    ColumnAlias alias;
    if (node.is_string()) {
      alias.name = **node.as_string();
    } else if (const toml::table* table = as_table(node, "an alias that is no string")) {
      expect_keys(*table, {"name", "multiply", "divide"}, "an alias");
      alias.name = text(*table, "name", true, *table);
      alias.multiply = factor(*table, "multiply");
      alias.divide = factor(*table, "divide");
    }
    return alias;
  }

  std::int64_t factor(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return 1;
    }
    if (!node->is_integer() || **node->as_integer() <= 0) {
      set_fault(*node, fmt::format("The key \"{}\" must be a whole number above 0", key));
      return 1;
    }
    return **node->as_integer();
  }

  void read_default(const toml::node& node, ColumnSchema& column) {
    column.default_kind = DefaultKind::kValue;
    column.default_value.type = column.type;
    const TypeKind kind = column.type.kind;
    if (const toml::table* table = node.as_table()) {
      expect_keys(*table, {"last_day_of_month"}, "a default");
      column.default_kind = DefaultKind::kLastDayOfMonth;
      column.default_value = {};
      column.default_source = text(*table, "last_day_of_month", true, *table);
    } else if (kind == TypeKind::kInt64 && node.is_integer()) {
      column.default_value.data = **node.as_integer();
    } else if (kind == TypeKind::kBool && node.is_boolean()) {
      column.default_value.data = **node.as_boolean();
    } else if (kind == TypeKind::kString && node.is_string()) {
      column.default_value.data = **node.as_string();
    } else if (kind == TypeKind::kDate && node.is_date()) {
      const toml::date date = **node.as_date();
      const std::chrono::sys_days days = std::chrono::year(date.year) /
                                         std::chrono::month(date.month) /
                                         std::chrono::day(date.day);
      column.default_value.data = std::int64_t{days.time_since_epoch().count()};
    } else {
      set_fault(node,
                fmt::format("A default must fit the type of its column, which is an i64, bool, "
                            "string or date (1970-01-01): column \"{}\"",
                            column.name));
    }
  }

  std::string_view origin_;
  std::string fault_;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += byte;
    } else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(byte));
    } else {
      out += byte;
    }
  }
  return out + '"';
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    out += (out.size() > 1 ? ", " : "") + quoted(text);
  }
  return out + "]";
}

std::string alias_text(const ColumnAlias& alias) {
  if (alias.multiply == 1 && alias.divide == 1) {
    return quoted(alias.name);
  }
  std::string out = "{ name = " + quoted(alias.name);
  if (alias.multiply != 1) {
    out += fmt::format(", multiply = {}", alias.multiply);
  }
  if (alias.divide != 1) {
    out += fmt::format(", divide = {}", alias.divide);
  }
  return out + " }";
}

std::string default_text(const ColumnSchema& column) {
  if (column.default_kind == DefaultKind::kLastDayOfMonth) {
    return "{ last_day_of_month = " + quoted(column.default_source) + " }";
  }
  const Value& value = column.default_value;
  if (const bool* flag = std::get_if<bool>(&value.data)) {
    return *flag ? "true" : "false";
  }
  if (const std::string* text = std::get_if<std::string>(&value.data)) {
    return quoted(*text);
  }
  const std::int64_t number = std::get<std::int64_t>(value.data);
  return value.type == kDateType ? date_text(number) : fmt::format("{}", number);
}

std::string column_text(const ColumnSchema& column) {
  std::string out = fmt::format("  {{ name = {}, type = {}", quoted(column.name),
                                quoted(column.typed_by_domain ? "key" : to_string(column.type)));
  if (column.is_coded()) {
    out += ", domain = " + quoted(column.domain);
  }
  if (!column.aliases.empty()) {
    out += ", aliases = [";
    for (const ColumnAlias& alias : column.aliases) {
      out += (&alias == &column.aliases.front() ? "" : ", ") + alias_text(alias);
    }
    out += "]";
  }
  out += column.null_in_key ? ", null_in_key = true" : "";
  out += column.first_of_month ? ", first_of_month = true" : "";
  if (column.default_kind != DefaultKind::kNone) {
    out += ", default = " + default_text(column);
  }
  return out + " },\n";
}

std::string table_text(const TableSchema& table) {
  const bool is_fact = table.kind == TableKind::kFact;
  std::string out = fmt::format("\n[[table]]\nname = {}\n", quoted(table.name));
  if (!table.aliases.empty()) {
    out += fmt::format("aliases = {}\n", quoted_list(table.aliases));
  }
  out += fmt::format("kind = \"{}\"\n", is_fact ? "fact" : "dimension");
  if (!table.key.empty()) {
    out += fmt::format("key = {}\n", quoted_list(table.key));
  }
  if (!table.time_column.empty()) {
    out += fmt::format("time = {}\n", quoted(table.time_column));
  }
  if (!table.cluster_relation.empty()) {
    out +=
        fmt::format("cluster = {}\n", quoted(table.cluster_relation + "." + table.cluster_column));
  }
  out += "columns = [\n";
  for (const ColumnSchema& column : table.columns) {
    out += column_text(column);
  }
  out += "]\n";
  if (!table.relations.empty()) {
    out += "relations = [\n";
    for (const RelationSchema& relation : table.relations) {
      out += fmt::format("  {{ name = {}, column = {}, table = {} }},\n", quoted(relation.name),
                         quoted(relation.column), quoted(relation.table));
    }
    out += "]\n";
  }
  return out;
}

}  // namespace

Result<Schema> schema_from_toml(std::string_view text, std::string_view origin) {
  try {
    const toml::table root = toml::parse(text, origin);
    auto schema = SchemaReader(origin).read(root);
    if (!schema) {
      return schema;
    }
    if (auto checked = check_schema(*schema); !checked) {
      return fail(checked.error().code,
                  fmt::format("{} (schema {})", checked.error().message, origin));
    }
    return schema;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("A schema is not TOML: {}: {}, line {}, column {}. See docs/schema.md.",
                            error.description(), origin, error.source().begin.line,
                            error.source().begin.column));
  }
}

std::string schema_to_toml(const Schema& schema) {
  std::string out = fmt::format("name = {}\n", quoted(schema.name));
  for (const TableSchema& table : schema.tables) {
    out += table_text(table);
  }
  return out;
}

}  // namespace stave
