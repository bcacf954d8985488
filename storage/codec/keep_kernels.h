// Values whose bit is set, side by side: of lists and of what is packed; and what they stand for.
// Invariant: each target gives the same values as a plain loop; up to kKeepRoom values beyond them
// are written over.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

inline constexpr std::size_t kKeepRoom = 16;

// Gives how many there are.
std::size_t keep_values(const std::uint32_t* values, const std::uint64_t* bits, std::size_t rows,
                        std::uint32_t* kept);
std::size_t keep_values(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                        std::int64_t* kept);
// Of whole groups of packed values of width 1..32, 16 words of bits for each; groups without a set
// bit are not looked at.
std::size_t keep_packed(const std::byte* in, std::size_t groups, unsigned width,
                        const std::uint64_t* bits, std::uint32_t* kept);

// base + value * factor of each, modulo 2^64.
void widen(const std::uint32_t* values, std::size_t count, std::uint64_t base, std::uint64_t factor,
           std::uint64_t* out);

namespace scalar {

inline void widen(const std::uint32_t* values, std::size_t count, std::uint64_t base,
                  std::uint64_t factor, std::uint64_t* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = base + values[i] * factor;
}

template <typename T>
std::size_t keep_values(const T* values, const std::uint64_t* bits, std::size_t rows, T* kept) {
  std::size_t count = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    kept[count] = values[row];
    count += bits[row / 64] >> (row % 64) & 1;
  }
  return count;
}

}  // namespace scalar
}  // namespace stave
