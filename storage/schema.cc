// Looking names up in a schema.
#include "storage/schema.h"

#include <algorithm>

namespace stave {

int TableSchema::find_column(std::string_view column_name) const {
  const auto found = std::ranges::find(columns, column_name, &ColumnSchema::name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

const RelationSchema* TableSchema::find_relation(std::string_view relation_name) const {
  const auto found = std::ranges::find(relations, relation_name, &RelationSchema::name);
  return found == relations.end() ? nullptr : &*found;
}

bool TableSchema::is_code_addressed() const {
  if (kind != TableKind::kDimension || key.size() != 1) {
    return false;
  }
  const int column = find_column(key.front());
  return column >= 0 && columns[static_cast<std::size_t>(column)].is_coded();
}

const TableSchema* Schema::find_table(std::string_view table_name) const {
  const auto found = std::ranges::find(tables, table_name, &TableSchema::name);
  return found == tables.end() ? nullptr : &*found;
}

const TableSchema* Schema::resolve_table(std::string_view name_or_alias) const {
  const std::string wanted = normalized_header(name_or_alias);
  for (const TableSchema& table : tables) {
    const auto is_wanted = [&](const std::string& name) {
      return normalized_header(name) == wanted;
    };
    if (is_wanted(table.name) || std::ranges::any_of(table.aliases, is_wanted)) {
      return &table;
    }
  }
  return nullptr;
}

std::string normalized_header(std::string_view header) {
  std::string normalized;
  normalized.reserve(header.size());
  for (const char byte : header) {
    if (byte == ' ' || byte == '_' || byte == '-' || byte == '\t') {
      continue;
    }
    normalized += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  return normalized;
}

}  // namespace stave
