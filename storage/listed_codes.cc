// Each block is read once, by whoever asks first; the others wait for it.
#include "storage/listed_codes.h"

#include <algorithm>

namespace stave {

ListedCodes::ListedCodes(std::vector<std::uint32_t> codes)
    : size_(codes.size()), given_(std::move(codes)), read_codes_(nullptr, Free{0}) {}

ListedCodes::ListedCodes(std::unique_ptr<ColumnFileReader> reader)
    : size_(static_cast<std::size_t>(reader->rows())),
      reader_(std::move(reader)),
      read_codes_(Allocator().allocate(size_), Free{size_}),
      blocks_(reader_->blocks().size()) {}

Result<void> ListedCodes::read(std::size_t block, DecodedBlock& room) const {
  if (auto done = reader_->read_block(static_cast<std::uint32_t>(block), room); !done) {
    return done;
  }
  std::copy_n(room.codes.begin(), room.rows, read_codes_.get() + block * kBlockRows);
  return {};
}

Result<std::span<const std::uint32_t>> ListedCodes::part(std::size_t first,
                                                         std::size_t count) const {
  if (reader_ == nullptr) {
    return std::span(given_).subspan(first, count);
  }
  DecodedBlock room;
  const std::size_t end = (first + count + kBlockRows - 1) / kBlockRows;
  for (std::size_t i = first / kBlockRows; count > 0 && i < end; ++i) {
    Block& block = blocks_[i];
    if (block.is_there.load(std::memory_order_acquire)) {
      continue;
    }
    const std::lock_guard lock(block.mutex);
    if (block.is_there.load(std::memory_order_relaxed)) {
      continue;
    }
    if (auto done = read(i, room); !done) {
      return pass(done);
    }
    block.is_there.store(true, std::memory_order_release);
  }
  return std::span<const std::uint32_t>(read_codes_.get() + first, count);
}

}  // namespace stave
