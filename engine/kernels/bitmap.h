// Bitmaps word by word: plain loops that compilers turn into vector code for the baseline already.
// Invariant: bits past the last row are clear in every selection.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "storage/bit_count.h"

namespace stave::kernels {

inline void and_bits(std::uint64_t* into, const std::uint64_t* other, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) into[word] &= other[word];
}
inline void or_bits(std::uint64_t* into, const std::uint64_t* other, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) into[word] |= other[word];
}
inline void not_bits(std::uint64_t* bits, std::size_t rows) {
  for (std::size_t word = 0; word < (rows + 63) / 64; ++word) bits[word] = ~bits[word];
  if (rows % 64 != 0) bits[rows / 64] &= (std::uint64_t{1} << (rows % 64)) - 1;
}
inline void fill_bits(std::uint64_t* bits, std::size_t rows) {
  for (std::size_t word = 0; word < rows / 64; ++word) bits[word] = ~std::uint64_t{0};
  if (rows % 64 != 0) bits[rows / 64] = (std::uint64_t{1} << (rows % 64)) - 1;
}
inline std::size_t count_bits(const std::uint64_t* bits, std::size_t rows) {
  const std::size_t whole = count_set_bits({bits, rows / 64});
  if (rows % 64 == 0) return whole;
  const std::uint64_t rest = bits[rows / 64] & ((std::uint64_t{1} << (rows % 64)) - 1);
  return whole + static_cast<std::size_t>(std::popcount(rest));
}
// out bit i = bits bit first + i, for `rows` bits; bits past them are clear.
inline void copy_bits(const std::uint64_t* bits, std::size_t first, std::size_t rows,
                      std::uint64_t* out) {
  const std::size_t shift = first % 64;
  const std::uint64_t* from = bits + first / 64;
  const std::size_t last = (first + rows + 63) / 64;  // words of `bits` that may be read
  for (std::size_t word = 0; word * 64 < rows; ++word) {
    std::uint64_t value = from[word] >> shift;
    if (shift != 0 && first / 64 + word + 1 < last) value |= from[word + 1] << (64 - shift);
    out[word] = value;
  }
  if (rows % 64 != 0) out[rows / 64] &= (std::uint64_t{1} << (rows % 64)) - 1;
}
// Sets out bit first + i where bits bit i is set, for `rows` bits; without `bits`, all of them.
inline void set_bits_at(std::uint64_t* out, std::size_t first, const std::uint64_t* bits,
                        std::size_t rows) {
  const std::size_t shift = first % 64;
  std::uint64_t* to = out + first / 64;
  for (std::size_t done = 0; done < rows; done += 64, ++to) {
    std::uint64_t value = bits == nullptr ? ~std::uint64_t{0} : bits[done / 64];
    if (rows - done < 64) value &= (std::uint64_t{1} << (rows - done)) - 1;
    to[0] |= value << shift;
    if (shift != 0 && value >> (64 - shift) != 0) to[1] |= value >> (64 - shift);
  }
}
// Bytes that are 0 or 1 to bits.
inline void bits_of_bytes(const std::uint8_t* bytes, std::size_t rows, std::uint64_t* bits) {
  for (std::size_t first = 0; first < rows; first += 64) {
    const std::size_t count = rows - first < 64 ? rows - first : 64;
    std::uint64_t word = 0;
    for (std::size_t bit = 0; bit < count; ++bit) {
      word |= std::uint64_t{bytes[first + bit]} << bit;
    }
    bits[first / 64] = word;
  }
}
inline void bytes_of_bits(const std::uint64_t* bits, std::size_t rows, std::uint8_t* bytes) {
  for (std::size_t row = 0; row < rows; ++row) {
    bytes[row] = static_cast<std::uint8_t>(bits[row / 64] >> (row % 64) & 1);
  }
}
// Calls visit(row) for every set bit, ascending.
template <typename Visit>
void for_each_bit(const std::uint64_t* bits, std::size_t rows, const Visit& visit) {
  for (std::size_t first = 0; first < rows; first += 64) {
    for (std::uint64_t word = bits[first / 64]; word != 0; word &= word - 1) {
      visit(first + static_cast<std::size_t>(std::countr_zero(word)));
    }
  }
}

}  // namespace stave::kernels
