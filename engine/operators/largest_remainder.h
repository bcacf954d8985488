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

// Splits one amount after another in the same memory.
class LargestRemainder {
 public:
  // Weights are not negative. False where all weights are zero; kOverflow where their sum is
  // outside 128 bits.
  Result<bool> split(Int128 total, std::span<const Int128> weights, const PartPreference& prefers);
  // Of the last split that was true.
  const std::vector<Int128>& parts() const { return parts_; }

 private:
  struct Share {
    UInt128 part = 0;
    UInt128 remainder = 0;
  };
  static Share share_of(UInt128 amount, UInt128 weight, UInt128 sum);

  std::vector<Share> shares_;
  std::vector<std::size_t> order_;
  std::vector<Int128> parts_;
};

// The parts of one amount; none where all weights are zero.
Result<std::optional<std::vector<Int128>>> split_by_largest_remainder(
    Int128 total, std::span<const Int128> weights, const PartPreference& prefers);

}  // namespace stave
