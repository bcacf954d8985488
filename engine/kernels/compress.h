// Keeps the values whose bit is set: `out` gets them in order; the number kept is returned.
// `out` needs room for 64 values more than are kept.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace stave::kernels {

std::size_t compress(const std::uint32_t* values, const std::uint64_t* bits, std::size_t rows,
                     std::uint32_t* out);
std::size_t compress(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                     std::int64_t* out);
std::size_t compress(const double* values, const std::uint64_t* bits, std::size_t rows,
                     double* out);
// Keeps the codes that are not `code`; `out` needs room for `rows`.
std::size_t keep_others(const std::uint32_t* codes, std::size_t rows, std::uint32_t code,
                        std::uint32_t* out);

namespace scalar {

template <typename T>
std::size_t compress(const T* values, const std::uint64_t* bits, std::size_t rows, T* out) {
  std::size_t kept = 0;
  for (std::size_t first = 0; first < rows; first += 64) {
    for (std::uint64_t word = bits[first / 64]; word != 0; word &= word - 1) {
      out[kept++] = values[first + static_cast<std::size_t>(std::countr_zero(word))];
    }
  }
  return kept;
}

inline std::size_t keep_others(const std::uint32_t* codes, std::size_t rows, std::uint32_t code,
                               std::uint32_t* out) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    out[kept] = codes[row];
    kept += codes[row] != code ? 1U : 0U;
  }
  return kept;
}

}  // namespace scalar
}  // namespace stave::kernels
