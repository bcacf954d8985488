#include "storage/codec/block_memory.h"

#include <algorithm>
#include <utility>

namespace stave {

// Blocks cut short have another share of fixed costs.
const BlockMemory::Choice* BlockMemory::recall(std::uint32_t rows) const {
  return choice_ && rows == rows_ ? &*choice_ : nullptr;
}

bool BlockMemory::is_as_small(std::size_t bytes, std::uint32_t rows) const {
  return static_cast<double>(bytes) <= bytes_of_row_ * rows * (1 + tolerance_);
}

void BlockMemory::remember(Choice choice, std::size_t bytes, std::uint32_t rows) {
  const bool same = choice_ && choice_->aim == choice.aim &&
                    choice_->compression == choice.compression && choice_->root == choice.root;
  tolerance_ = same ? std::min(2 * tolerance_, kMostTolerance) : kTolerance;
  bytes_of_row_ = static_cast<double>(bytes) / rows;
  rows_ = rows;
  choice_ = std::move(choice);
}

}  // namespace stave
