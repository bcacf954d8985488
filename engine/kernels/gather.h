// Look-ups by code: out[i] = table[codes[i]], and set membership.
// The caller guarantees that every code is below the size of the table.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

void gather(const std::uint32_t* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, std::uint32_t* out);
void gather(const std::int64_t* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, std::int64_t* out);
void gather(const double* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, double* out);
// bits[i] = bit codes[i] of `set`, which has a word for each 64 codes.
void in_set(const std::uint64_t* set, const std::uint32_t* codes, std::size_t rows,
            std::uint64_t* bits);

namespace scalar {

template <typename T>
void gather(const T* table, const std::uint32_t* codes, std::size_t rows, T* out) {
  for (std::size_t row = 0; row < rows; ++row) out[row] = table[codes[row]];
}
inline void in_set(const std::uint64_t* set, const std::uint32_t* codes, std::size_t rows,
                   std::uint64_t* bits) {
  for (std::size_t first = 0; first < rows; first += 64) {
    const std::size_t count = rows - first < 64 ? rows - first : 64;
    std::uint64_t word = 0;
    for (std::size_t bit = 0; bit < count; ++bit) {
      const std::uint32_t code = codes[first + bit];
      word |= (set[code / 64] >> (code % 64) & 1) << bit;
    }
    bits[first / 64] = word;
  }
}

}  // namespace scalar
}  // namespace stave::kernels
