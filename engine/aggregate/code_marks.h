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
#include "storage/huge_pages.h"

namespace stave {

class CodeMarks {
 public:
  // Codes will be below `codes`.
  void make_room(std::uint32_t codes) {
    if (bits_.size() * 64 < codes) bits_.resize((std::size_t{codes} + 63) / 64, 0);
  }

  // How many of the codes were not yet seen in this group.
  std::uint64_t mark(std::span<const std::uint32_t> codes) {
    return kernels::mark_codes(bits_.data(), codes.data(), codes.size());
  }

  // Takes back the marks of the codes that were marked: all words at once where that is less.
  void clear(std::span<const std::span<std::uint32_t>> parts) {
    std::size_t codes = 0;
    for (const auto& part : parts) codes += part.size();
    if (codes * kWordsForCode > bits_.size()) {
      std::fill(bits_.begin(), bits_.end(), std::uint64_t{0});
      return;
    }
    for (const auto& part : parts) {
      for (const std::uint32_t code : part) bits_[code / 64] = 0;
    }
  }

  std::size_t memory_bytes() const { return bits_.capacity() * sizeof(std::uint64_t); }

 private:
  // Words that are cleared in the time that one code takes.
  static constexpr std::size_t kWordsForCode = 8;

  std::vector<std::uint64_t, MarkAllocator<std::uint64_t>> bits_;
};

}  // namespace stave
