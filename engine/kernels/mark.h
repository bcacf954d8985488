// Marks codes in a bitmap that has a bit for each, and finds those that were not marked before.
// Whether a code is fresh cannot be foreseen: nothing branches on it. Shifts by a count that is
// not known are what takes the time, and the baseline's are three times as slow as BMI2's.
// The caller guarantees that `bits` has a bit for every code.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

// Gives how many codes were fresh.
std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows);
// Writes the fresh codes to `fresh`, which has room for all, and gives their number.
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh);
// The same, and counts[groups[row]] grows by one for each row with a fresh code.
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts);

namespace scalar {

// note(row, code, 0 or 1: whether it is fresh).
template <typename Note>
inline __attribute__((always_inline)) void mark(std::uint64_t* bits, const std::uint32_t* codes,
                                                std::size_t rows, const Note& note) {
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t code = codes[row];
    const std::uint64_t word = bits[code / 64];
    bits[code / 64] = word | std::uint64_t{1} << code % 64;
    note(row, code, (word >> code % 64 & 1) ^ 1);
  }
}

inline __attribute__((always_inline)) std::size_t mark_codes(std::uint64_t* bits,
                                                             const std::uint32_t* codes,
                                                             std::size_t rows) {
  std::size_t count = 0;
  mark(bits, codes, rows,
       [&](std::size_t, std::uint32_t, std::uint64_t is_fresh) { count += is_fresh; });
  return count;
}

inline __attribute__((always_inline)) std::size_t mark_and_list(std::uint64_t* bits,
                                                                const std::uint32_t* codes,
                                                                std::size_t rows,
                                                                std::uint32_t* fresh) {
  std::size_t count = 0;
  mark(bits, codes, rows, [&](std::size_t, std::uint32_t code, std::uint64_t is_fresh) {
    fresh[count] = code;
    count += is_fresh;
  });
  return count;
}

inline __attribute__((always_inline)) std::size_t mark_by_group(
    std::uint64_t* bits, const std::uint32_t* codes, const std::uint32_t* groups, std::size_t rows,
    std::uint32_t* fresh, std::int64_t* counts) {
  std::size_t count = 0;
  mark(bits, codes, rows, [&](std::size_t row, std::uint32_t code, std::uint64_t is_fresh) {
    fresh[count] = code;
    count += is_fresh;
    counts[groups[row]] += static_cast<std::int64_t>(is_fresh);
  });
  return count;
}

}  // namespace scalar
}  // namespace stave::kernels
