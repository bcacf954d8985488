// Header names against the schema's names and aliases; see docs/import.md for the rules.
#include "tools/import/load_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace stave::loading {

namespace {

// Number of single-letter changes between two names.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string shown(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 20;
  if (names.size() <= kMost) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{}, and {} more", fmt::join(names.begin(), names.begin() + kMost, ", "),
                     names.size() - kMost);
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

Result<TableSchema> find_table(const Schema& schema, std::string_view name) {
  if (const TableSchema* table = schema.resolve_table(name)) return *table;
  std::vector<std::string> names;
  for (const TableSchema& table : schema.tables) names.push_back(table.name);
  std::string hint;
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : names) {
    const std::size_t distance =
        edit_distance(normalized_header(name), normalized_header(candidate));
    if (distance < best) {
      best = distance;
      hint = fmt::format(" Did you mean `{}`?", candidate);
    }
  }
  return fail(
      ErrorCode::kNotFound,
      fmt::format("The store has no such table: {}.{} Its tables: {}.", name, hint, shown(names)));
}

LoadTable::LoadTable(TableSchema schema)
    : schema_(std::move(schema)),
      schema_columns_(schema_.columns.size()),
      required_(schema_columns_, false),
      brought_(schema_columns_, false) {
  if (schema_.kind == TableKind::kDimension) {
    for (const std::string& key : schema_.key) require(key);
  } else {
    // The keys of a fact are what it relates to.
    for (const RelationSchema& relation : schema_.relations) require(relation.column);
  }
}

void LoadTable::require(const std::string& name) {
  const int position = schema_.find_column(name);
  if (position < 0) return;
  const auto column = static_cast<std::size_t>(position);
  required_[column] = !schema_.columns[column].null_in_key;
}

// A column's own name wins over aliases, so that a file may hold `duration_sec` beside `ms_played`.
int LoadTable::match(const std::string& normalized, FieldPlan& field) const {
  for (std::size_t i = 0; i < schema_.columns.size(); ++i) {
    if (normalized_header(schema_.columns[i].name) == normalized) return static_cast<int>(i);
  }
  for (std::size_t i = 0; i < schema_.columns.size(); ++i) {
    for (const ColumnAlias& alias : schema_.columns[i].aliases) {
      if (normalized_header(alias.name) != normalized) continue;
      field.multiply = alias.multiply;
      field.divide = alias.divide;
      return static_cast<int>(i);
    }
  }
  return -1;
}

Result<void> LoadTable::check_keys(const FilePlan& plan) const {
  std::vector<std::string> found;
  for (const FieldPlan& field : plan.fields) {
    found.push_back(field.header.empty() ? "(empty)" : field.header);
  }
  for (std::size_t i = 0; i < schema_columns_; ++i) {
    if (!required_[i] || plan.has_column[i]) continue;
    std::vector<std::string> names{schema_.columns[i].name};
    for (const ColumnAlias& alias : schema_.columns[i].aliases) names.push_back(alias.name);
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("The header lacks the key column `{}` of table {}: {}. It may be called "
                    "{}; found: {}. Rename the column in the file, or choose another table.",
                    names.front(), schema_.name, plan.name, fmt::join(names, " or "),
                    shown(found)));
  }
  if (std::none_of(plan.has_column.begin(),
                   plan.has_column.begin() + static_cast<std::ptrdiff_t>(schema_columns_),
                   [](bool has) { return has; })) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("No column of the header belongs to table {}: {}. Found: {}. Is the "
                            "first line of the file its header?",
                            schema_.name, plan.name, shown(found)));
  }
  return {};
}

Result<FilePlan> LoadTable::plan_file(std::uint32_t file, const std::string& name,
                                      const std::vector<std::string>& header, ExtraColumns extra) {
  FilePlan plan;
  plan.file = file;
  plan.name = name;
  std::vector<std::string> normalized;
  std::vector<int> taken(schema_.columns.size(), -1);  // field that fills a column
  std::vector<bool> by_own_name(header.size(), false);
  for (std::size_t i = 0; i < header.size(); ++i) {
    FieldPlan field;
    field.header = trimmed(header[i]);
    normalized.push_back(normalized_header(field.header));
    const auto same = std::find(normalized.begin(), normalized.end() - 1, normalized.back());
    if (!normalized.back().empty() && same != normalized.end() - 1) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("Two columns of the header have one name: `{}` and `{}` ({}). Rename "
                              "or remove one of them.",
                              header[static_cast<std::size_t>(same - normalized.begin())],
                              header[i], name));
    }
    if (!normalized.back().empty()) field.column = match(normalized.back(), field);
    if (field.column >= 0) {
      const auto column = static_cast<std::size_t>(field.column);
      by_own_name[i] = normalized_header(schema_.columns[column].name) == normalized.back();
      int& holder = taken[column];
      if (holder < 0) {
        holder = static_cast<int>(i);
      } else if (by_own_name[i]) {
        plan.fields[static_cast<std::size_t>(holder)].column = -1;
        holder = static_cast<int>(i);
      } else if (by_own_name[static_cast<std::size_t>(holder)]) {
        field.column = -1;
      } else {
        return fail(ErrorCode::kInvalidData,
                    fmt::format("Two columns of the header both mean `{}`: `{}` and `{}` ({}). "
                                "Rename or remove one of them.",
                                schema_.columns[column].name,
                                header[static_cast<std::size_t>(holder)], header[i], name));
      }
    }
    plan.fields.push_back(std::move(field));
  }
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    FieldPlan& field = plan.fields[i];
    // An index column: without name, or an `id` that is no column of the table.
    if (field.column >= 0 || normalized[i].empty() || normalized[i] == "id") continue;
    if (extra == ExtraColumns::kDrop) continue;
    if (extra == ExtraColumns::kFail) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("Table {} has no column `{}`, which the header names: {}. Allow new "
                              "columns with `--extra keep`, or leave them out with `--extra drop`.",
                              schema_.name, field.header, name));
    }
    field.column = static_cast<int>(schema_.columns.size());
    field.multiply = 1;
    field.divide = 1;
    ColumnSchema column;
    column.name = field.header;
    column.type = kStringType;
    schema_.columns.push_back(std::move(column));
    required_.push_back(false);
    brought_.push_back(false);
  }
  plan.has_column.assign(schema_.columns.size(), false);
  for (const FieldPlan& field : plan.fields) {
    if (field.column < 0) continue;
    plan.has_column[static_cast<std::size_t>(field.column)] = true;
    brought_[static_cast<std::size_t>(field.column)] = true;
  }
  for (std::size_t i = 0; i < schema_columns_; ++i) {
    if (schema_.columns[i].default_kind != DefaultKind::kNone) plan.has_column[i] = true;
  }
  if (Result<void> checked = check_keys(plan); !checked) return pass(checked);
  plan.table = schema_.name;
  plan.columns = schema_.columns;
  plan.required = required_;
  plan.schema_columns = schema_columns_;
  plan.is_fact = schema_.kind == TableKind::kFact;
  const int time_column = plan.is_fact ? schema_.find_column(schema_.time_column) : -1;
  if (time_column >= 0 && plan.has_column[static_cast<std::size_t>(time_column)]) {
    plan.time_column = time_column;
  }
  return plan;
}

}  // namespace stave::loading
