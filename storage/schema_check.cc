// What makes a schema sound: everything the layers above rely on without asking again.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "storage/schema.h"

namespace stave {
namespace {

// Bounds that keep manifests small and positions within 32 bits.
constexpr std::size_t kMostTables = 10'000;
constexpr std::size_t kMostColumns = 10'000;
constexpr std::size_t kLongestName = 1'000;

Failure invalid(std::string message) {
  return fail(ErrorCode::kInvalidArgument, std::move(message));
}

// Names of tables, relations and domains are words of the language and names of folders.
bool is_word(std::string_view name) {
  const auto is_letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
  };
  return !name.empty() && name.size() <= 100 && is_letter(name.front()) &&
         std::ranges::all_of(
             name, [&](char byte) { return is_letter(byte) || (byte >= '0' && byte <= '9'); });
}

Result<void> check_word(std::string_view what, std::string_view name) {
  if (!is_word(name)) {
    return invalid(
        fmt::format("The name of a {} must be letters, digits and '_', not beginning "
                    "with a digit: \"{}\". Rename it.",
                    what, name));
  }
  return {};
}

// Columns take the headers of files, so any printable text will do.
bool is_column_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::ranges::none_of(name, [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
  });
}

std::string place(const TableSchema& table, const ColumnSchema& column) {
  return table.name + "." + column.name;
}

bool can_be_key(const ColumnSchema& column) {
  if (column.is_coded()) {
    return true;
  }
  switch (column.type.kind) {
    case TypeKind::kBool:
    case TypeKind::kInt64:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      return true;
    case TypeKind::kDecimal:
      return column.type.precision <= 18;
    default:
      return false;
  }
}

Result<void> check_type(const TableSchema& table, const ColumnSchema& column) {
  const std::string where = place(table, column);
  if (column.typed_by_domain && !column.is_coded()) {
    return invalid(
        fmt::format("A column of type \"key\" needs a domain: {}. Add domain = \"...\".", where));
  }
  if (column.is_coded()) {
    if (auto checked = check_word("domain", column.domain); !checked) {
      return checked;
    }
    const bool is_untyped = column.typed_by_domain && column.type.kind == TypeKind::kNull;
    if (!is_untyped && column.type.kind != TypeKind::kString &&
        column.type.kind != TypeKind::kInt64) {
      return invalid(
          fmt::format("A column with a domain must be of type string, i64 or key: {} is "
                      "{}. Change its type or remove its domain.",
                      where, to_string(column.type)));
    }
    return {};
  }
  if (column.type.kind == TypeKind::kNull || column.type.kind == TypeKind::kList) {
    return invalid(fmt::format("A column cannot be stored as type {}: {}. Use another type.",
                               to_string(column.type), where));
  }
  if (column.type.kind == TypeKind::kDecimal &&
      (column.type.precision == 0 || column.type.precision > kMaxDecimalPrecision ||
       column.type.scale > column.type.precision)) {
    return invalid(
        fmt::format("A decimal has 1 to {} digits, and no more of them after the point "
                    "than in all: {} is {}. Change its type.",
                    kMaxDecimalPrecision, where, to_string(column.type)));
  }
  return {};
}

// Defaults are of the types that TOML writes plainly.
bool is_default(const Value& value) {
  switch (value.type.kind) {
    case TypeKind::kBool:
      return std::holds_alternative<bool>(value.data);
    case TypeKind::kInt64:
    case TypeKind::kDate:
      return std::holds_alternative<std::int64_t>(value.data);
    case TypeKind::kString:
      return std::holds_alternative<std::string>(value.data);
    default:
      return false;
  }
}

Result<void> check_default(const TableSchema& table, const ColumnSchema& column) {
  const std::string where = place(table, column);
  if (column.default_kind == DefaultKind::kValue) {
    if (column.typed_by_domain || column.default_value.type != column.type ||
        !is_default(column.default_value)) {
      return invalid(
          fmt::format("A default must be of its column's type, and a column of type "
                      "\"key\" has none: {}. Change or remove the default.",
                      where));
    }
  }
  if (column.default_kind == DefaultKind::kLastDayOfMonth) {
    const int source = table.find_column(column.default_source);
    if (column.type != kDateType || source < 0 ||
        table.columns[static_cast<std::size_t>(source)].type != kDateType) {
      return invalid(
          fmt::format("The default last_day_of_month needs a date column and names "
                      "another: {} names \"{}\". Name a date column of the table.",
                      where, column.default_source));
    }
  }
  if (column.first_of_month && column.type != kDateType) {
    return invalid(
        fmt::format("Only dates can be moved to the first of the month: {} is {}. "
                    "Remove first_of_month or change the type.",
                    where, to_string(column.type)));
  }
  return {};
}

Result<void> check_columns(const TableSchema& table) {
  if (table.columns.empty() || table.columns.size() > kMostColumns) {
    return invalid(fmt::format("A table has 1 to {} columns: {} has {}. Change its columns.",
                               kMostColumns, table.name, table.columns.size()));
  }
  std::set<std::string_view> names;
  std::map<std::string, const ColumnSchema*> headers;
  for (const ColumnSchema& column : table.columns) {
    if (!is_column_name(column.name)) {
      return invalid(
          fmt::format("A column needs a name without control characters: table {} has "
                      "\"{}\". Rename it.",
                      table.name, column.name));
    }
    if (!names.insert(column.name).second) {
      return invalid(fmt::format("A table has two columns of the same name: {}. Rename one.",
                                 place(table, column)));
    }
    if (auto checked = check_type(table, column); !checked) {
      return checked;
    }
    if (auto checked = check_default(table, column); !checked) {
      return checked;
    }
    for (const ColumnAlias& alias : column.aliases) {
      if (!is_column_name(alias.name) || alias.multiply <= 0 || alias.divide <= 0) {
        return invalid(
            fmt::format("An alias needs a name, and factors above 0: \"{}\" of {}. "
                        "Change it.",
                        alias.name, place(table, column)));
      }
      const bool scaled = alias.multiply != 1 || alias.divide != 1;
      const bool is_number =
          !column.typed_by_domain && !column.is_coded() &&
          (column.type.kind == TypeKind::kInt64 || column.type.kind == TypeKind::kFloat64 ||
           column.type.kind == TypeKind::kDecimal);
      if (scaled && !is_number) {
        return invalid(
            fmt::format("Only numbers can be multiplied or divided: alias \"{}\" of {}. "
                        "Remove the factor.",
                        alias.name, place(table, column)));
      }
      const auto [other, is_new] = headers.try_emplace(normalized_header(alias.name), &column);
      if (!is_new) {
        return invalid(
            fmt::format("Two columns have the same alias: \"{}\" of {} and of {}. Remove "
                        "one.",
                        alias.name, place(table, *other->second), place(table, column)));
      }
    }
  }
  for (const ColumnSchema& column : table.columns) {
    const auto taken = headers.find(normalized_header(column.name));
    if (taken != headers.end() && taken->second != &column) {
      return invalid(
          fmt::format("An alias of {} is the name of another column: {}. Remove the "
                      "alias.",
                      place(table, *taken->second), place(table, column)));
    }
  }
  return {};
}

Result<void> check_key(const TableSchema& table) {
  if (table.kind == TableKind::kFact && !table.key.empty()) {
    return invalid(fmt::format(
        "A fact table has no key: {}. Remove its key or make it a dimension.", table.name));
  }
  if (table.kind == TableKind::kDimension && table.key.empty()) {
    return invalid(fmt::format("A dimension needs a key: {}. Add key = [\"...\"].", table.name));
  }
  std::set<std::string_view> names;
  for (const std::string& name : table.key) {
    const int column = table.find_column(name);
    if (column < 0 || !names.insert(name).second) {
      return invalid(
          fmt::format("The key of {} names a column that does not exist or is named "
                      "twice: \"{}\". Name columns of the table.",
                      table.name, name));
    }
    if (!can_be_key(table.columns[static_cast<std::size_t>(column)])) {
      return invalid(fmt::format("A column of this type cannot be a key: {}.{}. Give it a domain.",
                                 table.name, name));
    }
  }
  for (const ColumnSchema& column : table.columns) {
    const bool in_wide_key = table.key.size() > 1 && names.contains(column.name);
    if (column.null_in_key && !in_wide_key) {
      return invalid(
          fmt::format("Only a column of a key of several columns can have null_in_key: "
                      "{}. Remove it.",
                      place(table, column)));
    }
  }
  return {};
}

// The single key column of the table that `relation` leads to, or an error.
Result<void> check_relation(const Schema& schema, const TableSchema& table,
                            const RelationSchema& relation) {
  if (auto checked = check_word("relation", relation.name); !checked) {
    return checked;
  }
  const std::string where = fmt::format("relation \"{}\" of {}", relation.name, table.name);
  const int column = table.find_column(relation.column);
  if (column < 0) {
    return invalid(
        fmt::format("A relation starts from a column that does not exist: {} names "
                    "\"{}\". Name a column of the table.",
                    where, relation.column));
  }
  const TableSchema* target = schema.find_table(relation.table);
  if (target == nullptr) {
    return invalid(
        fmt::format("A relation leads to a table that does not exist: {} names \"{}\". "
                    "Name a table of the schema.",
                    where, relation.table));
  }
  if (!target->is_code_addressed()) {
    return invalid(
        fmt::format("A relation must lead to a dimension with one key column that has a "
                    "domain: {} leads to {}. Change that table's key.",
                    where, target->name));
  }
  const auto& from = table.columns[static_cast<std::size_t>(column)];
  const auto& to =
      target->columns[static_cast<std::size_t>(target->find_column(target->key.front()))];
  if (from.domain != to.domain) {
    return invalid(
        fmt::format("A relation joins two domains: {} goes from {} (\"{}\") to {} "
                    "(\"{}\"). Give both columns the same domain.",
                    where, place(table, from), from.domain, place(*target, to), to.domain));
  }
  return {};
}

Result<void> check_relations(const Schema& schema, const TableSchema& table) {
  std::set<std::string_view> names;
  for (const RelationSchema& relation : table.relations) {
    if (auto checked = check_relation(schema, table, relation); !checked) {
      return checked;
    }
    if (!names.insert(relation.name).second) {
      return invalid(
          fmt::format("A table has two relations of the same name: \"{}\" of {}. Rename "
                      "one.",
                      relation.name, table.name));
    }
  }
  return {};
}

Result<void> check_partition(const Schema& schema, const TableSchema& table) {
  if (table.kind == TableKind::kDimension &&
      (!table.time_column.empty() || !table.cluster_relation.empty() ||
       !table.cluster_column.empty())) {
    return invalid(
        fmt::format("Only a fact table has a time column or is clustered: {}. Remove "
                    "time and cluster.",
                    table.name));
  }
  if (!table.time_column.empty()) {
    const int time = table.find_column(table.time_column);
    if (time < 0 ||
        (table.columns[static_cast<std::size_t>(time)].type.kind != TypeKind::kTimestamp &&
         table.columns[static_cast<std::size_t>(time)].type.kind != TypeKind::kDate)) {
      return invalid(
          fmt::format("The time column must be a timestamp or date of the table: {} names "
                      "\"{}\". Name another.",
                      table.name, table.time_column));
    }
  }
  if (table.cluster_relation.empty() && table.cluster_column.empty()) {
    return {};
  }
  const RelationSchema* relation = table.find_relation(table.cluster_relation);
  const TableSchema* target = relation == nullptr ? nullptr : schema.find_table(relation->table);
  const int column = target == nullptr ? -1 : target->find_column(table.cluster_column);
  if (column < 0 || !target->columns[static_cast<std::size_t>(column)].is_coded()) {
    return invalid(
        fmt::format("Clustering must name a relation of the table and a column with a "
                    "domain behind it: {} names \"{}.{}\". Name another.",
                    table.name, table.cluster_relation, table.cluster_column));
  }
  return {};
}

}  // namespace

Result<void> check_schema(const Schema& schema) {
  if (schema.name.size() > kLongestName || schema.tables.size() > kMostTables) {
    return invalid(
        fmt::format("A schema has a name of at most {} bytes and at most {} tables: {} "
                    "and {}. Make it smaller.",
                    kLongestName, kMostTables, schema.name.size(), schema.tables.size()));
  }
  std::set<std::string> names;
  for (const TableSchema& table : schema.tables) {
    if (auto checked = check_word("table", table.name); !checked) {
      return checked;
    }
    std::vector<std::string> all_names = table.aliases;
    all_names.push_back(table.name);
    for (const std::string& name : all_names) {
      if (!is_column_name(name) || !names.insert(normalized_header(name)).second) {
        return invalid(
            fmt::format("Two tables have the same name or alias, or it is empty: \"{}\" of "
                        "{}. Rename one.",
                        name, table.name));
      }
    }
  }
  // All columns of all tables come first: relations and clustering look into other tables.
  for (const TableSchema& table : schema.tables) {
    if (auto checked = check_columns(table); !checked) {
      return checked;
    }
    if (auto checked = check_key(table); !checked) {
      return checked;
    }
  }
  for (const TableSchema& table : schema.tables) {
    if (auto checked = check_relations(schema, table); !checked) {
      return checked;
    }
    if (auto checked = check_partition(schema, table); !checked) {
      return checked;
    }
  }
  return {};
}

}  // namespace stave
