// A table that exists is imported into even with `--create`, so that a job may say it every day;
// but never into one of another shape than the job believes.
#include "tools/import/target_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "stave/suggest.h"

namespace stave::loading {

namespace {

Failure no_such_table(const Schema& schema, const std::string& name) {
  std::vector<std::string> names;
  for (const TableSchema& table : schema.tables) names.push_back(table.name);
  std::string hint = did_you_mean(name, names);
  if (!hint.empty()) hint = fmt::format(" D{}", hint.substr(1));
  return fail(ErrorCode::kNotFound,
              fmt::format("The store has no such table: {}.{} Its tables: {}. `--create` makes "
                          "a new one.",
                          name, hint, fmt::join(names, ", ")));
}

bool is_same_list(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::equal(left, right, [](const std::string& one, const std::string& other) {
    return normalized_header(one) == normalized_header(other);
  });
}

Result<void> check_agreement(const TableSchema& table, const NewTable& wanted) {
  const bool key_differs = !wanted.key.empty() && !is_same_list(wanted.key, table.key);
  const bool time_differs = !wanted.time_column.empty() && normalized_header(wanted.time_column) !=
                                                               normalized_header(table.time_column);
  if (!key_differs && !time_differs) return {};
  std::string has = "neither key nor time";
  if (!table.key.empty()) has = fmt::format("the key {}", fmt::join(table.key, ", "));
  if (!table.time_column.empty()) has = fmt::format("the time {}", table.time_column);
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("The table exists and is of another shape than `--create` says: {} has "
                          "{}. Leave `--create` out to import into it, or choose another name.",
                          table.name, has));
}

Result<TableSchema> new_table(const Schema& schema, const std::string& name,
                              const NewTable& wanted) {
  if (!wanted.key.empty() && !wanted.time_column.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("A new table has a key or a time, not both: {}. Rows with a key are "
                            "updated, rows with a time are only added: choose one.",
                            name));
  }
  TableSchema table;
  table.name = name;
  table.kind = wanted.key.empty() ? TableKind::kFact : TableKind::kDimension;
  table.key = wanted.key;
  table.time_column = wanted.time_column;
  // Names are found wanting before anything is read.
  Schema tried{schema.name, schema.tables};
  tried.tables.push_back({});
  tried.tables.back().name = name;
  tried.tables.back().columns.push_back(
      {"any", kStringType, false, "", {}, false, false, DefaultKind::kNone, {}, ""});
  if (Result<void> checked = check_schema(tried); !checked) return pass(checked);
  return table;
}

}  // namespace

Result<LoadTable> find_target_table(const Schema& schema, const std::string& name,
                                    const std::optional<NewTable>& create) {
  if (const TableSchema* table = schema.resolve_table(name)) {
    if (create) {
      if (Result<void> agrees = check_agreement(*table, *create); !agrees) return pass(agrees);
    }
    return LoadTable(*table);
  }
  if (!create) return no_such_table(schema, name);
  Result<TableSchema> made = new_table(schema, name, *create);
  if (!made) return pass(made);
  return LoadTable::made_by_load(std::move(*made));
}

Result<void> enter_target_table(const LoadTable& table, Manifest& manifest) {
  const TableSchema& schema = table.schema();
  if (table.is_made()) {
    manifest.schema.tables.push_back(schema);
    manifest.tables.emplace_back();
    manifest.tables.back().name = schema.name;
  } else {
    for (TableSchema& entered : manifest.schema.tables) {
      if (entered.name == schema.name) entered.columns = schema.columns;
    }
  }
  if (table.columns() == table.schema_columns()) return {};
  return check_schema(manifest.schema);
}

}  // namespace stave::loading
