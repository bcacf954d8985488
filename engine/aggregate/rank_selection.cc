// See the header. Eight rounds are the most there can be, since each takes eight bits off the
// range.
#include "engine/aggregate/rank_selection.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace stave {
namespace {

constexpr std::size_t kFew = 24;
constexpr unsigned kStretchBits = 8;

}  // namespace

RankedValues select_rank(std::span<std::uint64_t> values, std::size_t rank) {
  // The least of the values that were left behind as greater.
  std::uint64_t above = std::numeric_limits<std::uint64_t>::max();
  bool has_above = false;
  while (values.size() > kFew) {
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t greatest = 0;
    for (const std::uint64_t value : values) {
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    const auto width = static_cast<unsigned>(std::bit_width(greatest - least));
    const unsigned shift = width > kStretchBits ? width - kStretchBits : 0;
    std::array<std::uint32_t, std::size_t{1} << kStretchBits> counts{};
    for (const std::uint64_t value : values) ++counts[(value - least) >> shift];
    std::size_t stretch = 0;
    while (rank >= counts[stretch]) rank -= counts[stretch++];
    if (counts[stretch] == values.size()) {
      // Of one value, since the least and the greatest are in one stretch.
      return {least, rank + 1 < values.size() || !has_above ? least : above};
    }
    std::size_t kept = 0;
    std::uint64_t least_above = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t value : values) {
      const std::uint64_t of_value = (value - least) >> shift;
      values[kept] = value;
      kept += of_value == stretch ? 1U : 0U;
      least_above = std::min(
          least_above, of_value > stretch ? value : std::numeric_limits<std::uint64_t>::max());
    }
    if ((greatest - least) >> shift > stretch) {
      above = least_above;
      has_above = true;
    }
    values = values.first(kept);
  }
  std::sort(values.begin(), values.end());
  const std::uint64_t value = values[rank];
  if (rank + 1 < values.size()) return {value, values[rank + 1]};
  return {value, has_above ? above : value};
}

}  // namespace stave
