// Cells are texts, integers or truth values, as the first row of a column shows; an empty text is
// null.
#include "tools/embed/store_lists.h"

#include <utility>
#include <variant>
#include <vector>

#include "stave/suggest.h"

namespace stave::embed {
namespace {

using Cell = std::variant<std::string, std::int64_t, bool>;

class ListedRows : public ResultBatch {
 public:
  void add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

  std::uint32_t rows() const override { return static_cast<std::uint32_t>(rows_.size()); }
  bool is_null(std::uint32_t row, std::size_t column) const override {
    const auto* text = find<std::string>(row, column);
    return text != nullptr && text->empty();
  }
  bool bool_at(std::uint32_t row, std::size_t column) const override {
    const auto* value = find<bool>(row, column);
    return value != nullptr && *value;
  }
  std::int64_t int64_at(std::uint32_t row, std::size_t column) const override {
    const auto* value = find<std::int64_t>(row, column);
    return value == nullptr ? 0 : *value;
  }
  double float64_at(std::uint32_t, std::size_t) const override { return 0; }
  std::string_view string_at(std::uint32_t row, std::size_t column) const override {
    const auto* text = find<std::string>(row, column);
    return text == nullptr ? std::string_view() : *text;
  }
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t, std::size_t) const override {
    return {0, 0};
  }
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override {
    out += string_at(row, column);
  }

 private:
  template <typename T>
  const T* find(std::uint32_t row, std::size_t column) const {
    return std::get_if<T>(&rows_[row][column]);
  }

  std::vector<std::vector<Cell>> rows_;
};

Result<void> give(const std::vector<ResultColumn>& columns, const ListedRows& rows,
                  ResultSink& sink) {
  if (auto begun = sink.begin(columns); !begun) return begun;
  if (auto given = sink.batch(rows); !given) return given;
  return sink.end();
}

std::int64_t whole(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

// "from: date = today() - 7d, k: i64 = 5"; those that must be given have no value.
std::string parameters_text(const ReportDescription& report) {
  std::string text;
  for (const ReportParameter& parameter : report.parameters) {
    text += (text.empty() ? "" : ", ") + parameter.name + ": " + parameter.type;
    if (!parameter.default_text.empty()) text += " = " + parameter.default_text;
  }
  return text;
}

}  // namespace

Result<void> list_tables(const Store& store, ResultSink& sink) {
  const auto described = describe(store);
  if (!described) return pass(described);
  ListedRows rows;
  for (const TableDescription& table : described->tables) {
    rows.add({table.name, std::string(table.is_fact ? "fact" : "dimension"), whole(table.rows),
              whole(table.bytes), table.first_day, table.last_day});
  }
  return give({{"table", kStringType},
               {"kind", kStringType},
               {"rows", kInt64Type},
               {"bytes", kInt64Type},
               {"first_day", kStringType},
               {"last_day", kStringType}},
              rows, sink);
}

Result<void> list_columns(const Store& store, const std::string& table, ResultSink& sink) {
  const auto described = describe(store);
  if (!described) return pass(described);
  ListedRows rows;
  std::vector<std::string> names;
  bool is_known = table.empty();
  for (const TableDescription& one : described->tables) {
    names.push_back(one.name);
    if (!table.empty() && one.name != table) continue;
    is_known = true;
    for (const ColumnDescription& column : one.columns) {
      rows.add({one.name, column.name, to_string(column.type), column.is_key, column.leads_to});
    }
  }
  if (!is_known) {
    const std::string hint = did_you_mean(table, names);
    return fail(ErrorCode::kNotFound,
                "There is no table `" + table + "`" + (hint.empty() ? "." : ": " + hint));
  }
  return give({{"table", kStringType},
               {"column", kStringType},
               {"type", kStringType},
               {"is_key", kBoolType},
               {"leads_to", kStringType}},
              rows, sink);
}

Result<void> list_reports(const Store& store, ResultSink& sink) {
  ListedRows rows;
  for (const ReportDescription& report : stave::list_reports(store)) {
    rows.add({report.name, report.summary, parameters_text(report)});
  }
  return give({{"report", kStringType}, {"summary", kStringType}, {"parameters", kStringType}},
              rows, sink);
}

}  // namespace stave::embed
