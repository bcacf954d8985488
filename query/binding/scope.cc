// Finding names in a relation.
#include "query/binding/scope.h"

namespace stave {

int BoundRelation::find(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column_name) return static_cast<int>(i);
  }
  return -1;
}

int BoundRelation::find_qualified(std::string_view qualifier, std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (const ScopeColumn::Qualified& also : columns[i].qualified) {
      if (also.qualifier == qualifier && also.name == column_name) return static_cast<int>(i);
    }
  }
  return -1;
}

bool BoundRelation::has_qualifier(std::string_view qualifier) const {
  for (const ScopeColumn& column : columns) {
    for (const ScopeColumn::Qualified& also : column.qualified) {
      if (also.qualifier == qualifier) return true;
    }
  }
  return false;
}

std::vector<int> BoundRelation::visible() const {
  std::vector<int> positions;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].hidden) positions.push_back(static_cast<int>(i));
  }
  return positions;
}

Type type_of(const ColumnSchema& column, const Manifest& manifest) {
  if (!column.typed_by_domain) return column.type;
  const DomainState* domain = manifest.find_domain(column.domain);
  if (domain == nullptr || domain->kind == DictionaryKind::kEmpty) return kNullType;
  return domain->kind == DictionaryKind::kInt64 ? kInt64Type : kStringType;
}

const RelationSchema* relation_of(const ColumnOrigin& origin, std::string_view name,
                                  const Schema& schema) {
  const TableSchema* table = origin.table.empty() ? nullptr : schema.find_table(origin.table);
  if (table == nullptr) return nullptr;
  const RelationSchema* relation = table->find_relation(name);
  return relation != nullptr && relation->column == origin.column ? relation : nullptr;
}

std::vector<std::string> names_in_scope(const BoundRelation& relation, const Schema& schema) {
  std::vector<std::string> names;
  for (const ScopeColumn& column : relation.columns) {
    if (!column.hidden || column.name.find('.') == std::string::npos) names.push_back(column.name);
  }
  for (const ScopeColumn& column : relation.columns) {
    const TableSchema* table = schema.find_table(column.origin.table);
    if (table == nullptr) continue;
    for (const RelationSchema& leads : table->relations) {
      if (leads.column != column.origin.column) continue;
      const TableSchema* target = schema.find_table(leads.table);
      if (target == nullptr) continue;
      for (const ColumnSchema& reached : target->columns) {
        names.push_back(leads.name + "." + reached.name);
      }
    }
  }
  for (const ScopeColumn& column : relation.columns) {
    for (const ScopeColumn::Qualified& also : column.qualified) {
      if (also.name == column.name) continue;  // the plain name does
      names.push_back(also.qualifier + "." + also.name);
    }
  }
  return names;
}

}  // namespace stave
