// The new strings of a key domain: value to position, in order of arrival. One thread adds while
// any number look up, without locks. Invariant: a slot is written after its record, by release; who
// reads it by acquire sees the record.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "storage/growing_array.h"
#include "storage/huge_pages.h"
#include "storage/published_table.h"
#include "storage/text_arena.h"

namespace stave {

class TextTable {
 public:
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

  std::uint32_t size() const { return size_.load(std::memory_order_acquire); }
  std::string_view at(std::uint32_t position) const { return arena_.at(offsets_[position]).text; }

  // Positions, or kAbsent.
  void find(std::span<const std::string_view> values, std::span<std::uint32_t> positions) const;

  // The positions of values, each added where absent. By one thread at a time.
  void add(std::span<const std::string_view> values, std::span<std::uint32_t> positions);

 private:
  // A slot holds an offset into the arena and 24 bits of the hash; 0 is empty.
  struct Index {
    std::uint64_t slots = 0;  // a power of two
    std::vector<std::atomic<std::uint64_t>, HugePageAllocator<std::atomic<std::uint64_t>>> words;
  };

  void find_group(const Index& index, std::span<const std::string_view> values,
                  std::span<std::uint32_t> positions) const;
  void add_group(std::span<const std::string_view> values, std::span<std::uint32_t> positions);
  std::uint32_t append(std::string_view value, std::uint64_t hash, std::uint64_t slot);
  static void insert(Index& index, std::uint64_t hash, std::uint64_t offset);
  std::unique_ptr<Index> new_index(std::uint32_t size) const;

  TextArena arena_;
  GrowingArray<std::uint64_t> offsets_;  // into the arena, by position
  std::atomic<std::uint32_t> size_ = 0;
  PublishedTable<Index> index_;
};

}  // namespace stave
