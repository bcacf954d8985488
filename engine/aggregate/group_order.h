// The order of groups by key: each key column ascending by value, nulls last.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/context.h"
#include "stave/result.h"

namespace stave {

// One key column: the code of every group, and the order of the values behind them, null the last.
struct RankedKey {
  std::span<const std::uint32_t> codes;
  // By code; none: codes order as their values do.
  std::vector<std::uint32_t> rank_of_code;
  std::uint32_t ranks_used = 1;  // ranks are below it

  std::uint32_t rank(std::uint32_t group) const {
    const std::uint32_t code = codes[group];
    return rank_of_code.empty() ? std::min(code - 1, ranks_used - 1) : rank_of_code[code];
  }
};

// The groups in order; groups of equal keys (there should be none) keep theirs.
Result<std::vector<std::uint32_t>> order_groups(std::span<const RankedKey> keys,
                                                std::uint32_t groups, ExecutionContext& context);

}  // namespace stave
