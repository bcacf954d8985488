// Rows as bits on their way through a tree of nodes: what passes a test, what is kept.
// Invariant: bits beyond the rows are 0, and there is a word behind them that is 0 too.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/bit_count.h"
#include "storage/codec/arena.h"
#include "storage/codec/codec.h"
#include "storage/codec/positions.h"
#include "storage/codec/test_kernels.h"
#include "storage/value_test.h"

namespace stave {

constexpr std::size_t words_of(std::size_t rows) {
  return (rows + 63) / 64;
}

// Room for the bits of so many rows, and the word behind them; all 0.
inline std::uint64_t* take_bits(Arena& arena, std::size_t rows) {
  const std::span<std::uint64_t> words = arena.take<std::uint64_t>(words_of(rows) + 1);
  std::fill(words.begin(), words.end(), 0U);
  return words.data();
}

inline void fill_bits(std::uint64_t* bits, std::size_t rows, bool value) {
  std::fill_n(bits, words_of(rows), value ? ~std::uint64_t{0} : 0);
  if (value && rows % 64 != 0) bits[rows / 64] = (std::uint64_t{1} << rows % 64) - 1;
}
inline void set_bits(std::uint64_t* bits, std::size_t first, std::size_t count) {
  for (const std::size_t end = first + count; first < end;) {
    const std::size_t rows = std::min(end - first, 64 - first % 64);
    bits[first / 64] |= ~std::uint64_t{0} >> (64 - rows) << first % 64;
    first += rows;
  }
}
inline void invert_bits(std::uint64_t* bits, std::size_t rows) {
  for (std::size_t word = 0; word < words_of(rows); ++word) bits[word] = ~bits[word];
  if (rows % 64 != 0) bits[rows / 64] &= (std::uint64_t{1} << rows % 64) - 1;
}

// The values that pass; what `negated` says is left to whoever asked.
void test_values(std::span<const std::uint32_t> values, const ValueTest& test, std::uint64_t* bits);
void test_values(std::span<const std::int64_t> values, const ValueTest& test, std::uint64_t* bits);

// The kept among the rows of a part whose places are set in `mask`.
inline KeptRows kept_of(const KeptRows& rows, const std::uint64_t* mask, std::size_t set,
                        Arena& arena) {
  std::uint64_t* const bits = take_bits(arena, set);
  compress_bits(rows.bits, mask, words_of(rows.rows), bits);
  return {static_cast<std::uint32_t>(set), bits,
          static_cast<std::uint32_t>(count_set_bits({bits, words_of(set)}))};
}

}  // namespace stave
