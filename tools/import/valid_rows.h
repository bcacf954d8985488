// Which rows of a column hold a value: a bit for each, in whole words, as blocks are written.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stave::loading {

class ValidRows {
 public:
  // Rows that come new hold no value.
  void resize(std::uint64_t rows) {
    words_.resize((rows + 63) / 64);
    if (rows % 64 != 0) words_.back() &= ~(~std::uint64_t{0} << (rows % 64));
  }
  void clear() { words_.clear(); }

  bool operator[](std::uint64_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  void set(std::uint64_t row, bool valid) {
    const std::uint64_t bit = std::uint64_t{1} << (row % 64);
    words_[row / 64] = valid ? words_[row / 64] | bit : words_[row / 64] & ~bit;
  }
  // Rows [begin, end) hold values.
  void set_all(std::uint64_t begin, std::uint64_t end) {
    while (begin < end && begin % 64 != 0) set(begin++, true);
    for (; end - begin >= 64; begin += 64) words_[begin / 64] = ~std::uint64_t{0};
    while (begin < end) set(begin++, true);
  }

  // Of rows from `begin` on, a multiple of 64.
  std::span<const std::uint64_t> words(std::uint64_t begin, std::uint64_t count) const {
    return std::span(words_).subspan(begin / 64, (count + 63) / 64);
  }
  // Whether all of these hold values.
  bool are_all(std::uint64_t begin, std::uint64_t count) const {
    const std::span<const std::uint64_t> all = words(begin, count);
    for (std::size_t i = 0; i < count / 64; ++i) {
      if (~all[i] != 0) return false;
    }
    const std::uint64_t rest = ~(~std::uint64_t{0} << (count % 64));
    return rest == 0 || (all.back() & rest) == rest;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace stave::loading
