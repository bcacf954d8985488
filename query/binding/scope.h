// What names mean at one stage: the columns of the relation so far, where their codes lead, and
// the names that earlier stages dropped.
// Invariant: columns[i] describes field i of the plan; visible names are unique.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"
#include "storage/manifest.h"

namespace stave {

// The stored column whose codes a column still holds; its relations can be followed.
struct ColumnOrigin {
  std::string table;  // empty: computed
  std::string column;
};

struct ScopeColumn {
  struct Qualified {
    std::string qualifier;
    std::string name;
  };
  std::string name;
  Type type;
  ColumnOrigin origin = {};
  bool hidden = false;    // can be named but is not part of the result: `day`, a join's other key
  bool poisoned = false;  // made by a stage with a fault: anything about it is taken
  std::vector<Qualified> qualified = {};  // further names, e.g. `r.rate` after a join with `as r`
};

struct LostName {
  std::string name;
  ColumnOrigin origin = {};
  std::string stage;
  int line = 0;
};

struct BoundRelation {
  PlanPointer plan;
  std::vector<ScopeColumn> columns;
  std::vector<LostName> lost;
  std::string name;             // of the source, for messages
  std::vector<int> unique;      // columns that together identify a row; meaningful with is_unique
  bool is_unique = false;       // `unique` empty then: at most one row
  bool is_total_order = false;  // the order of rows is settled by their values
  bool broken = false;          // its source is not known: any name is taken

  int find(std::string_view column_name) const;
  int find_qualified(std::string_view qualifier, std::string_view column_name) const;
  bool has_qualifier(std::string_view qualifier) const;
  std::vector<int> visible() const;
};

Type type_of(const ColumnSchema& column, const Manifest& manifest);

// The relation called `name` that a column with this origin carries, or null.
const RelationSchema* relation_of(const ColumnOrigin& origin, std::string_view name,
                                  const Schema& schema);

// Every name that would resolve: columns, `qualifier.column`, `relation.column`.
std::vector<std::string> names_in_scope(const BoundRelation& relation, const Schema& schema);

}  // namespace stave
