// The key columns of all groups: gathered as codes, ordered by value, turned back into values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/grouping.h"
#include "engine/aggregate/key_plan.h"
#include "engine/aggregate/place_grid.h"
#include "engine/aggregate/value_encoder.h"
#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

struct KeyColumn {
  std::optional<ValueEncoder> owned;      // of scope keys
  const ValueEncoder* encoder = nullptr;  // none: a derived key
  std::vector<std::uint32_t> codes;       // by group

  KeyColumn() = default;
  KeyColumn(KeyColumn&& other) noexcept;
  KeyColumn& operator=(KeyColumn&&) = delete;
};

// Row and scope keys; derived keys stay empty.
Result<std::vector<KeyColumn>> collect_keys(const KeyPlan& plan, Grouping& groups,
                                            const std::vector<Scope>& scopes, const Pipeline& input,
                                            ExecutionContext& context);

// Codes of each scope key, for every scope: equal values have equal codes.
Result<std::vector<std::vector<std::uint32_t>>> scope_key_codes(const KeyPlan& plan,
                                                                const std::vector<Scope>& scopes,
                                                                const Pipeline& input,
                                                                ExecutionContext& context);

// Adds the groups of another plan over the same keys; false where the codes do not mean the same.
bool append_keys(std::vector<KeyColumn>& keys, const std::vector<KeyColumn>& more);

// The groups by key, ascending, nulls last. `placed`: where they lie, if they do.
Result<std::vector<std::uint32_t>> order_by_key(const KeyPlan& plan,
                                                const std::vector<KeyColumn>& keys,
                                                std::uint32_t groups, const PlacedGroups* placed,
                                                ExecutionContext& context);

bool has_derived_keys(const KeyPlan& plan);
// The keys of the groups that `order` names, where none is derived. Thread-safe.
std::vector<Vector> plain_key_values(const std::vector<KeyColumn>& keys,
                                     std::span<const std::uint32_t> order);

// All keys of the groups that `order` names, in its order.
Result<std::vector<Vector>> key_values(const KeyPlan& plan, const std::vector<KeyColumn>& keys,
                                       std::span<const std::uint32_t> order,
                                       ExecutionContext& context);

}  // namespace stave
