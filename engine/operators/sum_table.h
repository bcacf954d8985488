// Sums by number, in a table that is asked for many numbers at a time: the memory that they need is
// fetched ahead, so that misses overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/int128.h"

namespace stave {

class SumTable {
 public:
  struct Slot {
    std::uint64_t number = 0;  // plus one; 0: empty
    Int128 sum = 0;
  };

  // Adds values[i] to the sum of base + numbers[i]. No sum may leave 128 bits.
  void add(std::uint64_t base, std::span<const std::uint64_t> numbers,
           std::span<const std::int64_t> values) {
    if (2 * (used_ + numbers.size()) > slots_.size()) grow(used_ + numbers.size());
    for (const std::uint64_t number : numbers) __builtin_prefetch(&slots_[place_of(base + number)]);
    for (std::size_t i = 0; i < numbers.size(); ++i) slot_of(base + numbers[i]).sum += values[i];
  }
  void merge(const SumTable& other) {
    if (2 * (used_ + other.used_) > slots_.size()) grow(used_ + other.used_);
    for (const Slot& slot : other.slots_) {
      if (slot.number != 0) slot_of(slot.number - 1).sum += slot.sum;
    }
  }
  std::size_t size() const { return used_; }
  std::span<const Slot> slots() const { return slots_; }

 private:
  std::size_t place_of(std::uint64_t number) const {
    return static_cast<std::size_t>((number + 1) * 0x9E3779B97F4A7C15ULL >> shift_);
  }
  Slot& slot_of(std::uint64_t number) {
    std::size_t place = place_of(number);
    while (slots_[place].number != number + 1) {
      if (slots_[place].number == 0) {
        slots_[place].number = number + 1;
        ++used_;
        break;
      }
      place = (place + 1) & (slots_.size() - 1);
    }
    return slots_[place];
  }
  void grow(std::size_t sums) {
    std::size_t size = slots_.empty() ? 1024 : slots_.size();
    for (; size < 4 * sums; size *= 2) {
    }
    std::vector<Slot> old(size);
    old.swap(slots_);
    shift_ = __builtin_clzll(size) + 1;
    used_ = 0;
    for (const Slot& slot : old) {
      if (slot.number != 0) slot_of(slot.number - 1).sum = slot.sum;
    }
  }

  std::vector<Slot> slots_;  // a power of two, more than half of them empty
  int shift_ = 64;
  std::size_t used_ = 0;
};

}  // namespace stave
