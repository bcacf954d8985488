// See block_stretch.h.
#include "storage/block_stretch.h"

#include <algorithm>

namespace stave {
namespace {

// More does not come faster, and leaves less room in the nearer caches.
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 10;

}  // namespace

Result<std::span<const std::byte>> BlockStretch::read(const ReadableFile& file,
                                                      const std::vector<BlockSummary>& blocks,
                                                      std::uint32_t block) {
  const bool is_same = file_ == &file;
  if (!is_same || block < first_ || block >= end_) {
    const std::uint32_t likely = is_same && block == end_ ? 2 * (end_ - first_) : 1;
    const std::uint32_t most = all_ ? ahead_ + 1 : std::min(likely, ahead_ + 1);
    const std::uint64_t begin = blocks[block].offset;
    const auto bytes_to = [&](std::uint32_t end) {
      return blocks[end - 1].offset + blocks[end - 1].size - begin;
    };
    const auto all = static_cast<std::uint32_t>(blocks.size());
    std::uint32_t end = block + 1;
    while (end < all && end - block < most && bytes_to(end + 1) <= kMostBytes) ++end;
    const std::uint64_t size = bytes_to(end);
    if (bytes_.size() < size) bytes_.resize(size);
    file_ = nullptr;
    if (auto done = file.read(begin, std::span(bytes_).first(size)); !done) return pass(done);
    file_ = &file;
    first_ = block;
    end_ = end;
  }
  return std::span<const std::byte>(bytes_).subspan(blocks[block].offset - blocks[first_].offset,
                                                    blocks[block].size);
}

BlockStretch& BlockStretch::beside() {
  if (beside_ == nullptr) beside_ = std::make_unique<BlockStretch>();
  beside_->expect(ahead_, all_);
  return *beside_;
}

}  // namespace stave
