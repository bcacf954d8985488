// Tests the checksums of a mapped file chunk by chunk, each when it is first touched.
// Invariant: bytes that `touch` said yes to are what was written. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "stave/result.h"

namespace stave {

class ChunkVerifier {
 public:
  static constexpr std::uint64_t kChunkBytes = 65'536;

  static std::uint64_t chunks_of(std::uint64_t bytes) {
    return (bytes + kChunkBytes - 1) / kChunkBytes;
  }

  // `checksums` has one for each chunk of `body`; `path` is for messages.
  ChunkVerifier(std::span<const std::byte> body, std::vector<std::uint64_t> checksums,
                std::string path);

  // Bytes [offset, offset + size) of the body, within it and size above 0.
  bool touch(std::uint64_t offset, std::uint64_t size) {
    const std::uint64_t last = (offset + size - 1) / kChunkBytes;
    bool sound = true;
    for (std::uint64_t chunk = offset / kChunkBytes; chunk <= last; ++chunk) {
      const std::uint8_t state = states_[chunk].load(std::memory_order_acquire);
      sound = (state == kSound || (state == kUnknown && verify(chunk))) && sound;
    }
    return sound;
  }
  // Every chunk was touched and is sound: no need to ask any more.
  bool is_complete() const { return unknown_.load(std::memory_order_acquire) == 0; }
  // The first damage found so far; `add_damage` is for faults that no checksum shows.
  Result<void> damage() const;
  void add_damage(const std::string& what);

 private:
  static constexpr std::uint8_t kUnknown = 0;
  static constexpr std::uint8_t kSound = 1;
  static constexpr std::uint8_t kDamaged = 2;

  bool verify(std::uint64_t chunk);

  std::span<const std::byte> body_;
  std::vector<std::uint64_t> checksums_;
  std::string path_;
  std::vector<std::atomic<std::uint8_t>> states_;
  std::atomic<std::uint64_t> unknown_;  // or damaged
  mutable std::mutex mutex_;
  std::string damage_;
};

}  // namespace stave
