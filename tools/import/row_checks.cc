// See row_checks.h.
#include "tools/import/row_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "storage/snapshot.h"
#include "tools/import/cell_fault.h"
#include "tools/import/parse_time.h"

namespace stave::loading {

void report_bad_rows(const FilePlan& plan, ParsedChunk& out) {
  for (const BadRow& bad : out.frame.bad_rows()) {
    Reject reject;
    reject.row = bad.rows_before;
    reject.framed = false;
    reject.empty_rows_before = bad.empty_rows_before;
    reject.bytes = bad.bytes;
    reject.code = code_of(bad);
    reject.reason = reason_of(bad, plan.fields.size(), plan.stray_quotes);
    out.rejects.push_back(std::move(reject));
  }
}

void fill_defaults(const FilePlan& plan, ParsedChunk& out) {
  for (std::size_t column = 0; column < plan.schema_columns; ++column) {
    const ColumnSchema& schema = plan.columns[column];
    if (schema.default_kind == DefaultKind::kNone || !plan.has_column[column]) continue;
    ColumnCells& cells = out.cells[column];
    const bool in_file = std::any_of(
        plan.fields.begin(), plan.fields.end(),
        [&](const FieldPlan& field) { return field.column == static_cast<int>(column); });
    if (!in_file) {
      cells.reset(physical_of(schema.type), out.rows);
      for (std::uint32_t row = 0; row < out.rows; ++row) cells.set_null(row);
    }
    if (cells.physical() != Physical::kInt64 || cells.validity.empty()) continue;
    const auto source =
        static_cast<std::size_t>(std::find_if(plan.columns.begin(), plan.columns.end(),
                                              [&](const ColumnSchema& other) {
                                                return other.name == schema.default_source;
                                              }) -
                                 plan.columns.begin());
    const auto* fixed = std::get_if<std::int64_t>(&schema.default_value.data);
    for (std::uint32_t row = 0; row < out.rows; ++row) {
      if (!cells.is_null(row)) continue;
      if (schema.default_kind == DefaultKind::kValue && fixed != nullptr) {
        cells.int64s[row] = *fixed;
        cells.set_valid(row);
      } else if (schema.default_kind == DefaultKind::kLastDayOfMonth &&
                 source < plan.schema_columns) {
        const ColumnCells& from = out.cells[source];
        if (from.is_null(row)) continue;
        const CivilDay civil = civil_from_days(from.int64s[row]);
        cells.int64s[row] =
            from.int64s[row] - civil.day + last_day_of_month(civil.year, civil.month);
        cells.set_valid(row);
      }
    }
  }
}

void reject_empty_keys(const FilePlan& plan, ParsedChunk& out) {
  for (const FieldPlan& field : plan.fields) {
    if (field.column < 0) continue;
    const auto column = static_cast<std::size_t>(field.column);
    const ColumnCells& cells = out.cells[column];
    if (!plan.required[column] || cells.validity.empty()) continue;
    for (std::uint32_t row = 0; row < out.rows; ++row) {
      if ((cells.validity[row / 64] >> (row % 64) & 1) != 0) continue;
      out.reject(row, field.header, "empty_key",
                 fmt::format("The key is empty: a row of {} needs its {}.", plan.table,
                             plan.columns[column].name));
    }
  }
}

}  // namespace stave::loading
