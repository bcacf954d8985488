// Counts the different codes of one group after another with a bit for each code: a domain of a
// million is 125 KiB, which stays in the cache where a byte or an epoch for each would not.
// Invariant: between groups no bit is set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/kernels/mark.h"
#include "storage/bit_count.h"
#include "storage/huge_pages.h"

namespace stave {

class CodeMarks {
 public:
  // Codes will be below `codes`.
  void make_room(std::uint32_t codes) {
    if (bits_.size() * 64 < codes) bits_.resize((std::size_t{codes} + 63) / 64, 0);
  }

  // How many different codes there are in all parts.
  std::uint64_t count(std::span<const std::span<std::uint32_t>> parts) {
    std::size_t codes = 0;
    for (const auto& part : parts) codes += part.size();
    if (codes >= bits_.size()) return count_afterwards(parts);
    std::uint64_t count = 0;
    for (const auto& part : parts) {
      count += kernels::mark_codes(bits_.data(), part.data(), part.size());
    }
    if (codes * kWordsForCode > bits_.size()) {
      clear();
    } else {
      for (const auto& part : parts) {
        for (const std::uint32_t code : part) bits_[code / 64] = 0;
      }
    }
    return count;
  }

  std::size_t memory_bytes() const { return bits_.capacity() * sizeof(std::uint64_t); }

 private:
  // Words that are cleared in the time that one code takes.
  static constexpr std::size_t kWordsForCode = 8;

  void clear() { std::fill(bits_.begin(), bits_.end(), std::uint64_t{0}); }

  // Where codes are many beside the words, these are looked through in less than it takes to tell
  // of each code whether it is the first of its kind.
  std::uint64_t count_afterwards(std::span<const std::span<std::uint32_t>> parts) {
    for (const auto& part : parts) kernels::set_marks(bits_.data(), part.data(), part.size());
    const std::uint64_t count = count_set_bits(bits_);
    clear();
    return count;
  }

  std::vector<std::uint64_t, MarkAllocator<std::uint64_t>> bits_;
};

}  // namespace stave
