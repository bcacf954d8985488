// Records of a position and its text, appended by one thread and never moved, reached by offset.
// Chunks double in size, and a record never crosses from one into the next.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "storage/huge_pages.h"

namespace stave {

class TextArena {
 public:
  struct Record {
    std::uint32_t position;
    std::string_view text;
  };
  // Offsets stay below 2^40, so that a slot has bits left for a tag.
  static constexpr std::uint32_t kOffsetBits = 40;
  static constexpr std::uint64_t kLongestText = std::uint64_t{1} << 30;

  TextArena() = default;
  ~TextArena() {
    for (std::size_t i = 1; i < chunks_.size(); ++i) {
      char* const chunk = chunks_[i].load(std::memory_order_relaxed);
      if (chunk != nullptr) {
        Allocator().deallocate(chunk, std::size_t{1} << (i - 1));
      }
    }
  }
  TextArena(const TextArena&) = delete;
  TextArena& operator=(const TextArena&) = delete;

  const char* address_of(std::uint64_t offset) const {
    return chunks_[chunk_of(offset)].load(std::memory_order_relaxed) +
           (offset - std::bit_floor(offset));
  }
  Record at(std::uint64_t offset) const {
    const char* record = address_of(offset);
    std::uint32_t position = 0;
    std::uint32_t size = 0;
    std::memcpy(&position, record, sizeof(position));
    std::memcpy(&size, record + sizeof(position), sizeof(size));
    return {position, {record + kHeaderBytes, size}};
  }

  // The offset of the new record, never 0. `text` of at most kLongestText bytes.
  std::uint64_t append(std::uint32_t position, std::string_view text) {
    const std::uint64_t bytes = kHeaderBytes + text.size();
    // The chunk that begins at offset b is b bytes long.
    std::uint64_t begin = std::bit_floor(end_);
    while (end_ + bytes > 2 * begin) {
      begin *= 2;
      end_ = begin;
    }
    const std::size_t chunk = chunk_of(begin);
    if (chunks_[chunk].load(std::memory_order_relaxed) == nullptr) {
      chunks_[chunk].store(Allocator().allocate(begin), std::memory_order_relaxed);
    }
    const std::uint64_t offset = end_;
    const auto size = static_cast<std::uint32_t>(text.size());
    char* record = chunks_[chunk].load(std::memory_order_relaxed) + (offset - begin);
    std::memcpy(record, &position, sizeof(position));
    std::memcpy(record + sizeof(position), &size, sizeof(size));
    if (!text.empty()) {
      std::memcpy(record + kHeaderBytes, text.data(), text.size());
    }
    end_ += bytes;
    return offset;
  }

 private:
  static constexpr std::uint64_t kHeaderBytes = 8;
  static constexpr std::uint64_t kFirstChunk = 65'536;

  using Allocator = HugePageAllocator<char>;

  // The chunk from 2^n to 2^(n+1) is number n + 1 and 2^n bytes long; the lowest are not used.
  static std::size_t chunk_of(std::uint64_t offset) {
    return static_cast<std::size_t>(std::bit_width(offset));
  }

  std::uint64_t end_ = kFirstChunk;
  std::array<std::atomic<char*>, kOffsetBits + 1> chunks_{};
};

}  // namespace stave
