// Splitting an amount by weights so that the parts sum to it exactly: money's one way to be split.
// Each part is its exact share rounded toward zero; what is left over, always less than one unit
// for each part, goes in single units to the largest remainders, of equal ones to the larger
// weight, then to whom the caller prefers. A negative amount is the split of its size, negated.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "stave/result.h"
#include "storage/int128.h"

namespace stave {

// Whether part `left` gets a unit before part `right`, all else being equal; a strict total order.
using PartPreference = std::function<bool(std::size_t left, std::size_t right)>;

// Weights are not negative. None where all weights are zero; kOverflow where their sum is outside
// 128 bits.
Result<std::optional<std::vector<Int128>>> split_by_largest_remainder(
    Int128 total, std::span<const Int128> weights, const PartPreference& prefers);

}  // namespace stave
