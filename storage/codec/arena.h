// Memory for what a decoder needs while it works, kept from block to block so that it is touched
// once. Invariant: what `take` gave stays in place until `reset`, also when the arena is moved.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace stave {

class Arena {
 public:
  // Room for `count` values, not initialized. The caller has bounded `count`.
  template <typename T>
  std::span<T> take(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    return {reinterpret_cast<T*>(take_bytes(count * sizeof(T))), count};
  }

  // Everything taken is given back; the memory stays.
  void reset() {
    current_ = 0;
    used_ = 0;
  }

 private:
  static constexpr std::size_t kAlignment = 16;
  static constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  std::byte* take_bytes(std::size_t bytes) {
    const std::size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    for (; current_ < chunks_.size(); ++current_, used_ = 0) {
      if (chunks_[current_].size - used_ >= rounded) {
        used_ += rounded;
        return chunks_[current_].bytes.get() + used_ - rounded;
      }
    }
    const std::size_t size = std::max(rounded, kChunkBytes);
    chunks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    used_ = rounded;
    return chunks_.back().bytes.get();
  }

  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;  // chunk that is being filled
  std::size_t used_ = 0;     // bytes of it that are taken
};

}  // namespace stave
