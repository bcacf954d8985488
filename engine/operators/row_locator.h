// Rows of a relation by their number, whatever its batches.
// Invariant: a relation that operators address by number has fewer than kNoRow rows.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

using RowNumber = std::uint32_t;
inline constexpr RowNumber kNoRow = std::numeric_limits<RowNumber>::max();

// Fails where rows cannot be numbered.
Result<void> check_row_numbers(std::uint64_t rows);

class RowLocator {
 public:
  struct Place {
    std::uint32_t batch = 0;
    std::uint32_t row = 0;  // in the batch
  };

  explicit RowLocator(std::span<const Batch> batches);

  RowNumber rows() const { return starts_.back(); }
  // The number of the first row of a batch.
  RowNumber start_of(std::size_t batch) const { return starts_[batch]; }
  Place operator()(RowNumber row) const {
    std::uint32_t low = hints_[row / kRowsPerHint];
    std::uint32_t high = hints_[row / kRowsPerHint + 1];
    while (low < high) {
      const std::uint32_t middle = low + (high - low + 1) / 2;
      if (starts_[middle] <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return {low, row - starts_[low]};
  }

 private:
  static constexpr RowNumber kRowsPerHint = 4096;
  std::vector<RowNumber> starts_;     // one more than batches
  std::vector<std::uint32_t> hints_;  // the batch that holds row i * kRowsPerHint
};

}  // namespace stave
