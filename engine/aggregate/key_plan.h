// How each key of an aggregate is obtained: read for every row, constant within a scope, or
// computed from the other keys once the groups are known (a track's name beside its id). Invariant:
// the rows of a group agree on every key, so grouping by the row and scope keys alone gives the
// same groups.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/pipeline.h"
#include "engine/plan.h"

namespace stave {

enum class KeySource : std::uint8_t { kRow, kScope, kDerived };

struct PlannedKey {
  KeySource source = KeySource::kRow;
  Expression expression;  // kRow: over the input; kScope: over scope values; kDerived: over keys
  int last_determinant = -1;  // kDerived: the last key it is computed from
};

struct KeyPlan {
  std::optional<ScopeKind> scopes;  // none: groups span the whole input
  std::vector<PlannedKey> keys;     // in the order of the node's

  std::vector<Expression> row_expressions() const;
  std::vector<Expression> scope_expressions() const;
};

// `scopes`: the scopes to use, where the keys allow them.
KeyPlan plan_keys(const std::vector<NamedExpression>& keys, const Pipeline& input,
                  std::optional<ScopeKind> scopes);
// The finest scopes within which all groups are complete, where there are any that pay.
std::optional<ScopeKind> scopes_for(const std::vector<NamedExpression>& keys,
                                    const Pipeline& input);

}  // namespace stave
