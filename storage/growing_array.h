// An array that one thread appends to while others read what was appended before: elements never
// move. Chunks double in size, so a few pointers reach any position.
// Invariant: a position may be read once it was learned, by acquire, from whoever appended it.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

namespace stave {

template <typename T>
class GrowingArray {
 public:
  GrowingArray() = default;
  ~GrowingArray() {
    for (auto& chunk : chunks_) {
      delete[] chunk.load(std::memory_order_relaxed);
    }
  }
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;

  const T& operator[](std::uint32_t position) const {
    const Place place = place_of(position);
    return chunks_[place.chunk].load(std::memory_order_relaxed)[place.index];
  }
  const T* address_of(std::uint32_t position) const { return &(*this)[position]; }

  // By the one thread that appends, position by position.
  void set(std::uint32_t position, T value) {
    const Place place = place_of(position);
    T* chunk = chunks_[place.chunk].load(std::memory_order_relaxed);
    if (chunk == nullptr) {
      chunk = new T[place.chunk_size];
      chunks_[place.chunk].store(chunk, std::memory_order_relaxed);
    }
    chunk[place.index] = value;
  }

 private:
  static constexpr std::uint64_t kFirstChunk = 1024;
  // The chunk from 2^n to 2^(n+1) is number n + 1; the lowest are not used.
  static constexpr std::size_t kChunks = 34;

  struct Place {
    std::size_t chunk;
    std::uint64_t chunk_size;
    std::uint64_t index;
  };
  static Place place_of(std::uint32_t position) {
    const std::uint64_t shifted = position + kFirstChunk;
    const std::uint64_t begin = std::bit_floor(shifted);
    return {static_cast<std::size_t>(std::bit_width(shifted)), begin, shifted - begin};
  }

  std::array<std::atomic<T*>, kChunks> chunks_{};
};

}  // namespace stave
