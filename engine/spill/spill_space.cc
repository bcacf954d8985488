// See spill_space.h.
#include "engine/spill/spill_space.h"

#include <algorithm>

namespace stave {

namespace {

constexpr std::uint32_t kFewestPartitions = 4;
constexpr std::uint32_t kMostPartitions = 64;
constexpr std::uint32_t kPartitionsOfTests = 3;
constexpr std::uint64_t kFewestPieceRows = 64;

}  // namespace

Result<std::shared_ptr<TemporaryFile>> SpillSpace::file() {
  const std::lock_guard lock(mutex_);
  if (!file_) {
    auto made = TemporaryFile::make();
    if (!made) {
      return pass(made);
    }
    file_ = *std::move(made);
  }
  return file_;
}

std::uint64_t SpillSpace::bytes_written() const {
  const std::lock_guard lock(mutex_);
  return file_ ? file_->bytes_written() : 0;
}

bool SpillSpace::takes(Reservation& work, std::uint64_t rows, std::uint64_t bytes) const {
  return !is_too_large(rows) && work.add(bytes).has_value();
}

std::uint64_t SpillSpace::piece_rows(std::uint64_t row_bytes) const {
  if (most_rows_ > 0) {
    return most_rows_;
  }
  return std::max(kFewestPieceRows, piece_bytes() / std::max<std::uint64_t>(row_bytes, 1));
}

std::uint32_t SpillSpace::partitions_for(std::uint64_t bytes) const {
  if (most_rows_ > 0) {
    return kPartitionsOfTests;
  }
  const std::uint64_t needed = bytes / std::max<std::uint64_t>(piece_bytes(), 1) + 1;
  return std::clamp(static_cast<std::uint32_t>(std::min<std::uint64_t>(needed, kMostPartitions)),
                    kFewestPartitions, kMostPartitions);
}

HeldRows::~HeldRows() {
  space_.held_.fetch_sub(bytes_, std::memory_order_relaxed);
  space_.memory_.release(bytes_);
}

bool HeldRows::add(std::uint64_t rows, std::uint64_t bytes) {
  if (space_.is_too_large(rows_ + rows)) {
    return false;
  }
  const std::uint64_t held = space_.held_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (held > space_.memory_.limit() / 2 || !space_.memory_.reserve(bytes)) {
    space_.held_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  rows_ += rows;
  bytes_ += bytes;
  return true;
}

}  // namespace stave
