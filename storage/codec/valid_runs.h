// The rows of a block that hold a value, in runs as long as they come: few nulls cost next to
// nothing then.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

namespace stave {

// The first row from `row` on whose bit is `wanted`; `rows` where there is none. `validity` is not
// empty.
inline std::uint32_t find_bit(std::span<const std::uint64_t> validity, std::uint32_t row,
                              std::uint32_t rows, bool wanted) {
  while (row < rows) {
    const std::uint64_t word = wanted ? validity[row / 64] : ~validity[row / 64];
    const std::uint64_t rest = word >> (row % 64);
    if (rest != 0) {
      return std::min(rows, row + static_cast<std::uint32_t>(std::countr_zero(rest)));
    }
    row = row / 64 * 64 + 64;
  }
  return rows;
}

// Calls `use` with the first row and the number of rows of each run, ascending. Empty: all rows.
template <typename Use>
void visit_valid_runs(std::span<const std::uint64_t> validity, std::uint32_t rows, Use use) {
  if (validity.empty()) {
    use(0U, rows);
    return;
  }
  std::uint32_t begin = find_bit(validity, 0, rows, true);
  while (begin < rows) {
    const std::uint32_t end = find_bit(validity, begin, rows, false);
    use(begin, end - begin);
    begin = find_bit(validity, end, rows, true);
  }
}

}  // namespace stave
