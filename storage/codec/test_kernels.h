// Which of many values pass a test, as a bit for each; and moving such bits between a list of rows
// and a part of it.
// Invariant: each target gives the same bits as the scalar twin; bits beyond the rows are 0.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace stave {

// Values less `low` that are no larger than `span`, modulo 2^32.
void test_within(const std::uint32_t* values, std::size_t rows, std::uint32_t low,
                 std::uint32_t span, std::uint64_t* bits);
void test_within(const std::int64_t* values, std::size_t rows, std::int64_t low, std::int64_t high,
                 std::uint64_t* bits);
// Values that are among `list`.
void test_listed(const std::uint32_t* values, std::size_t rows, std::span<const std::uint32_t> list,
                 std::uint64_t* bits);
void test_listed(const std::int64_t* values, std::size_t rows, std::span<const std::int64_t> list,
                 std::uint64_t* bits);
// As the first, of whole groups of packed values of width 1..32; 16 words of bits for each group.
void test_packed_within(const std::byte* in, std::size_t groups, unsigned width, std::uint32_t low,
                        std::uint32_t span, std::uint64_t* bits);

// Bit i of `part` goes to the place of the i-th set bit of `mask`, all others are 0. A word more of
// `part` than it has bits must be readable.
void expand_bits(const std::uint64_t* part, const std::uint64_t* mask, std::size_t words,
                 std::uint64_t* out);
// The reverse: bits of `bits` where `mask` has one, side by side, and 0 up to the end of the word
// that follows the last of them.
void compress_bits(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words,
                   std::uint64_t* out);

namespace scalar {

template <typename T, typename Passes>
void test(const T* values, std::size_t rows, const Passes& passes, std::uint64_t* bits) {
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % 64 == 0) bits[row / 64] = 0;
    bits[row / 64] |= std::uint64_t{passes(values[row])} << (row % 64);
  }
}
inline std::uint64_t expand_word(std::uint64_t part, std::uint64_t mask) {
  std::uint64_t word = 0;
  for (; mask != 0; mask &= mask - 1, part >>= 1) word |= (mask & -mask) & -(part & 1);
  return word;
}
inline std::uint64_t compress_word(std::uint64_t bits, std::uint64_t mask) {
  std::uint64_t word = 0;
  for (unsigned at = 0; mask != 0; mask &= mask - 1, ++at) {
    word |= (bits >> std::countr_zero(mask) & 1) << at;
  }
  return word;
}

}  // namespace scalar
}  // namespace stave
