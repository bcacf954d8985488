// Sizes are compared for each row, since the last block of a file is shorter.
#include "storage/codec/block_memory.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stave {

const BlockMemory::Choice* BlockMemory::recall(std::uint32_t rows) const {
  return choice_ && rows >= kLeastRows ? &*choice_ : nullptr;
}

bool BlockMemory::is_alike(std::size_t bytes, std::uint32_t rows) const {
  const double found = static_cast<double>(bytes) / rows;
  return found <= bytes_of_row_ * (1 + tolerance_) &&
         found >= bytes_of_row_ * (1 - smaller_ * tolerance_);
}

bool BlockMemory::may_compress(std::size_t bytes, std::uint32_t rows) const {
  if (!choice_ || choice_->compression != Compression::kNone) {
    return true;
  }
  const double found = static_cast<double>(bytes) / rows;
  return std::abs(found - bytes_of_row_) > bytes_of_row_ * kOtherKind;
}

void BlockMemory::remember(Choice choice, std::size_t bytes, std::uint32_t rows,
                           std::size_t recalled_bytes) {
  if (rows < kLeastRows) {
    return;
  }
  const bool saves = recalled_bytes == 0 || static_cast<double>(bytes) * (1 + kTolerance) <
                                                static_cast<double>(recalled_bytes);
  tolerance_ = saves ? kTolerance : std::min(2 * tolerance_, kMostTolerance);
  bytes_of_row_ = static_cast<double>(bytes) / rows;
  choice_ = std::move(choice);
  ++choices_;
}

}  // namespace stave
