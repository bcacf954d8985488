// The order of groups by key: each key column ascending by value, nulls last.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stave {

// One key column: the rank of every group's value among the values, null the highest.
struct RankedKey {
  std::vector<std::uint32_t> ranks;
  std::uint32_t ranks_used = 1;  // ranks are below it
};

// The groups in order; groups of equal keys (there should be none) keep theirs.
std::vector<std::uint32_t> order_groups(std::span<const RankedKey> keys, std::uint32_t groups);

}  // namespace stave
