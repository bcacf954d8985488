// Two threads may test one chunk at once; both come to the same answer, and one of them counts it.
#include "storage/chunk_verifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/checksum.h"

namespace stave {

ChunkVerifier::ChunkVerifier(std::span<const std::byte> body, std::vector<std::uint64_t> checksums,
                             std::string path)
    : body_(body),
      checksums_(std::move(checksums)),
      path_(std::move(path)),
      states_(checksums_.size()),
      unknown_(checksums_.size()) {}

bool ChunkVerifier::verify(std::uint64_t chunk) {
  const std::uint64_t begin = chunk * kChunkBytes;
  const std::uint64_t size = std::min(kChunkBytes, body_.size() - begin);
  const std::uint64_t found = checksum_of(body_.subspan(begin, size));
  const bool sound = found == checksums_[chunk];
  if (!sound) {
    // Before the chunk counts as damaged: without memory for the words it stays unknown.
    add_damage(
        fmt::format("the checksum of bytes {} to {} does not match, {:016x} stated, "
                    "{:016x} found",
                    begin, begin + size, checksums_[chunk], found));
  }
  std::uint8_t expected = kUnknown;
  if (states_[chunk].compare_exchange_strong(expected, sound ? kSound : kDamaged,
                                             std::memory_order_acq_rel) &&
      sound) {
    unknown_.fetch_sub(1, std::memory_order_acq_rel);
  }
  return sound;
}

Result<void> ChunkVerifier::damage() const {
  const std::lock_guard guard(mutex_);
  if (damage_.empty()) {
    return {};
  }
  return fail(ErrorCode::kDamaged,
              fmt::format("A key domain is damaged: {} ({}). Run `stave verify`.", damage_, path_));
}

void ChunkVerifier::add_damage(const std::string& what) {
  const std::lock_guard guard(mutex_);
  if (damage_.empty()) {
    damage_ = what;
  }
}

}  // namespace stave
