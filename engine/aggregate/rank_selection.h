// The value at a rank of many, and the one after it, without sorting them: the values' range is cut
// into 256 stretches, those of the stretch that holds the rank are kept, and again. Values are
// unsigned integers that order as what they stand for (see ordered_bits).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace stave {

struct RankedValues {
  std::uint64_t value = 0;
  std::uint64_t next = 0;  // `value` where there is none
};

// `rank` is below the number of values, which are overwritten.
RankedValues select_rank(std::span<std::uint64_t> values, std::size_t rank);

}  // namespace stave
