// Header names against the schema's names and aliases; see docs/import.md for the rules.
#include "tools/import/load_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace stave::loading {

namespace {

std::string shown_headers(const FilePlan& plan) {
  constexpr std::size_t kMost = 20;
  std::vector<std::string> names;
  for (const FieldPlan& field : plan.fields) {
    if (names.size() == kMost) {
      return fmt::format("{}, and {} more", fmt::join(names, ", "), plan.fields.size() - kMost);
    }
    names.push_back(field.header.empty() ? "(empty)" : field.header);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

LoadTable::LoadTable(TableSchema schema) : LoadTable(std::move(schema), false) {}

LoadTable LoadTable::made_by_load(TableSchema schema) {
  return {std::move(schema), true};
}

LoadTable::LoadTable(TableSchema schema, bool is_made)
    : schema_(std::move(schema)),
      schema_columns_(schema_.columns.size()),
      is_made_(is_made),
      mapping_(is_made),
      required_(schema_columns_, false),
      brought_(schema_columns_, false) {
  for (std::size_t i = 0; i < schema_columns_; ++i) mapping_.add(schema_.columns[i], i);
  if (schema_.kind == TableKind::kDimension) {
    for (const std::string& key : schema_.key) require(key);
  } else {
    // The keys of a fact are what it relates to.
    for (const RelationSchema& relation : schema_.relations) require(relation.column);
  }
}

bool LoadTable::is_new_time(std::size_t position) const {
  return is_made_ && schema_.columns[position].name == schema_.time_column;
}

void LoadTable::require(const std::string& name) {
  const int position = schema_.find_column(name);
  if (position < 0) return;
  const auto column = static_cast<std::size_t>(position);
  required_[column] = !schema_.columns[column].null_in_key;
}

bool LoadTable::knows(const std::string& header) const {
  if (normalized_header(header).empty()) return false;
  const auto is_meant = [&](const std::string& name) {
    return normalized_header(name) == normalized_header(header);
  };
  return mapping_.find(header) >= 0 || is_meant(schema_.time_column) ||
         std::any_of(schema_.key.begin(), schema_.key.end(), is_meant);
}

bool LoadTable::means_with_marks(const std::string& written, const std::string& bare) const {
  return maps(written) || (!maps(bare) && (knows(written) || mapping_.has_column_for(written)));
}

bool LoadTable::takes_any_name() const {
  return std::find(required_.begin(), required_.end(), true) == required_.end();
}

std::vector<std::string> LoadTable::required_names() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < schema_columns_; ++i) {
    if (required_[i]) names.push_back(schema_.columns[i].name);
  }
  if (names.empty()) names.push_back(schema_.columns.front().name);
  return names;
}

Result<void> LoadTable::add_columns(FilePlan& plan, ExtraColumns extra) {
  for (FieldPlan& field : plan.fields) {
    if (!field.is_new) continue;
    if (!is_made_ && extra == ExtraColumns::kDrop) continue;
    if (!is_made_ && extra == ExtraColumns::kFail) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("Table {} has no column `{}`, which the header names: {}. Allow new "
                              "columns with `--extra keep`, or leave them out with `--extra drop`.",
                              schema_.name, field.header, plan.name));
    }
    const std::size_t position = schema_.columns.size();
    field.column = static_cast<int>(position);
    ColumnSchema column;
    column.name = field.name;
    column.type = kStringType;
    mapping_.add(column, position);
    schema_.columns.push_back(std::move(column));
    required_.push_back(false);
    brought_.push_back(false);
  }
  return {};
}

// From what the user called key and time to the columns of the first file; later files must have
// them too.
Result<void> LoadTable::name_keys(const FilePlan& plan) {
  std::vector<std::string*> names;
  for (std::string& key : schema_.key) names.push_back(&key);
  if (!schema_.time_column.empty()) names.push_back(&schema_.time_column);
  for (std::string* name : names) {
    const int found = mapping_.find(*name);
    const auto column = static_cast<std::size_t>(found);
    if (found < 0 || !plan.has_column[column]) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("The header lacks a column that `{}` names for the new table {}: "
                              "`{}` ({}). Found: {}. Name a column of the file.",
                              schema_.key.empty() ? "--time" : "--key", schema_.name, *name,
                              plan.name, shown_headers(plan)));
    }
    *name = schema_.columns[column].name;
    if (!schema_.key.empty()) required_[column] = true;
  }
  return {};
}

Result<void> LoadTable::check_keys(const FilePlan& plan) const {
  for (std::size_t i = 0; i < schema_columns_; ++i) {
    if (!required_[i] || plan.has_column[i]) continue;
    std::vector<std::string> names{schema_.columns[i].name};
    for (const ColumnAlias& alias : schema_.columns[i].aliases) names.push_back(alias.name);
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("The header lacks the key column `{}` of table {}: {}. It may be called "
                    "{}; found: {}. Rename the column in the file, or choose another table.",
                    names.front(), schema_.name, plan.name, fmt::join(names, " or "),
                    shown_headers(plan)));
  }
  if (std::none_of(plan.has_column.begin(),
                   plan.has_column.begin() + static_cast<std::ptrdiff_t>(schema_columns_),
                   [](bool has) { return has; })) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("No column of the header belongs to table {}: {}. Found: {}. Is the "
                            "first line of the file its header?",
                            schema_.name, plan.name, shown_headers(plan)));
  }
  return {};
}

Result<void> LoadTable::check_conversions(const FilePlan& plan) const {
  for (const FieldPlan& field : plan.fields) {
    if (field.column < 0 || (field.multiply == 1 && field.divide == 1)) continue;
    const ColumnSchema& column = schema_.columns[static_cast<std::size_t>(field.column)];
    const TypeKind kind = column.type.kind;
    const bool is_number =
        !column.is_coded() &&
        (kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kFloat64);
    if (is_number && !is_new(static_cast<std::size_t>(field.column))) continue;
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("Only columns of numbers that the table has can be multiplied or "
                            "divided: `{}`, from `{}` ({}). Take the factors out of the map.",
                            column.name, field.header, plan.name));
  }
  return {};
}

Result<FilePlan> LoadTable::plan_file(std::uint32_t file, const std::string& name,
                                      const std::vector<std::string>& header, ExtraColumns extra) {
  FilePlan plan;
  plan.file = file;
  plan.name = name;
  Result<std::vector<FieldPlan>> fields = mapping_.map(schema_, header, name);
  if (!fields) return pass(fields);
  plan.fields = std::move(*fields);
  if (Result<void> added = add_columns(plan, extra); !added) return pass(added);
  plan.has_column.assign(schema_.columns.size(), false);
  for (const FieldPlan& field : plan.fields) {
    if (field.column < 0) continue;
    plan.has_column[static_cast<std::size_t>(field.column)] = true;
    brought_[static_cast<std::size_t>(field.column)] = true;
  }
  for (std::size_t i = 0; i < schema_columns_; ++i) {
    if (schema_.columns[i].default_kind != DefaultKind::kNone) plan.has_column[i] = true;
  }
  if (Result<void> numbers = check_conversions(plan); !numbers) return pass(numbers);
  const Result<void> checked = is_made_ ? name_keys(plan) : check_keys(plan);
  if (!checked) return pass(checked);
  plan.table = schema_.name;
  plan.columns = schema_.columns;
  plan.required = required_;
  plan.schema_columns = schema_columns_;
  plan.is_fact = schema_.kind == TableKind::kFact;
  const int time_column = plan.is_fact ? schema_.find_column(schema_.time_column) : -1;
  if (time_column >= 0 && plan.has_column[static_cast<std::size_t>(time_column)]) {
    plan.time_column = time_column;
    // What a text that is no time is told to be.
    if (is_made_) plan.columns[static_cast<std::size_t>(time_column)].type = kTimestampType;
  }
  return plan;
}

}  // namespace stave::loading
