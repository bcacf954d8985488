// The new integers of a key domain: value to position, in order of arrival. One thread adds while
// any number look up, without locks.
// Invariant: a slot is written after its value, by release; who reads it by acquire sees the value.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "storage/growing_array.h"
#include "storage/published_table.h"

namespace stave {

class IntegerTable {
 public:
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

  std::uint32_t size() const { return size_.load(std::memory_order_acquire); }
  std::int64_t at(std::uint32_t position) const {
    return is_counter_.load(std::memory_order_acquire) ? counted(position) : values_[position];
  }

  // Positions, or kAbsent.
  void find(std::span<const std::int64_t> values, std::span<std::uint32_t> positions) const;

  // The positions of values, each added where absent. By one thread at a time.
  void add(std::span<const std::int64_t> values, std::span<std::uint32_t> positions);

 private:
  // Integers close together are indexed by value - minimum, others by hash.
  struct Index {
    bool is_direct = false;
    std::int64_t minimum = 0;
    std::uint64_t slots = 0;  // a power of two for hashes
    std::uint32_t position_bits = 0;
    std::unique_ptr<std::atomic<std::uint32_t>[]> words;
  };

  // As of a counter, value after value: what is at a position need not be kept.
  std::int64_t counted(std::uint32_t position) const {
    return static_cast<std::int64_t>(
        static_cast<std::uint64_t>(first_.load(std::memory_order_relaxed)) + position);
  }
  void find_counted(std::span<const std::int64_t> values, std::span<std::uint32_t> positions) const;
  bool goes_on_counting(std::int64_t value, std::uint32_t position);
  void stop_counting();
  std::uint32_t add(std::int64_t value);
  std::uint32_t find_in(const Index& index, std::int64_t value) const;
  void find_direct(const Index& index, std::span<const std::int64_t> values,
                   std::span<std::uint32_t> positions) const;
  void find_group(const Index& index, std::span<const std::int64_t> values,
                  std::span<std::uint32_t> positions) const;
  static bool has_room(const Index& index, std::uint32_t size, std::int64_t value);
  static void insert(Index& index, std::int64_t value, std::uint32_t position);
  std::unique_ptr<Index> new_index(std::uint32_t size) const;

  // Until a value comes that is not the next one there are no values and no index.
  std::atomic<bool> is_counter_ = true;
  std::atomic<std::int64_t> first_ = 0;
  std::atomic<std::uint32_t> counted_ = 0;
  GrowingArray<std::int64_t> values_;
  std::atomic<std::uint32_t> size_ = 0;
  std::int64_t minimum_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t maximum_ = std::numeric_limits<std::int64_t>::min();
  PublishedTable<Index> index_;
};

}  // namespace stave
