// Marks codes in a bitmap that has a bit for each, and finds those that were not marked before.
// Whether a code is fresh cannot be foreseen: nothing branches on it. Shifts by a count that is
// not known are what takes the time, and the baseline's are three times as slow as BMI2's. To say
// nothing of what was fresh takes a third of the time.
// The caller guarantees that `bits` has a bit for every code.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

// Codes equal to the one before are left out where most are: marks of one word wait for each other.
void set_marks(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows);
// A bitmap of `words` words for each group from `first_group` on.
void set_marks_by_group(std::uint64_t* bits, std::size_t words, std::uint32_t first_group,
                        const std::uint32_t* groups, const std::uint32_t* codes, std::size_t rows);
// Gives how many codes were fresh.
std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows);
// Writes the fresh codes to `fresh`, which has room for all, and gives their number.
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh);
// The same, and counts[groups[row]] grows by one for each row with a fresh code.
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts);
// Marks the codes, and bit `row` of `is_fresh` tells whether that row's was fresh. `bits` has a
// word for each 32 codes.
void mark_rows(std::uint32_t* bits, const std::uint32_t* codes, std::size_t rows,
               std::uint64_t* is_fresh);

namespace scalar {

inline __attribute__((always_inline)) void set_marks(std::uint64_t* bits,
                                                     const std::uint32_t* codes, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    bits[codes[row] / 64] |= std::uint64_t{1} << codes[row] % 64;
  }
}

inline __attribute__((always_inline)) void set_marks_by_group(
    std::uint64_t* bits, std::size_t words, std::uint32_t first_group, const std::uint32_t* groups,
    const std::uint32_t* codes, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    bits[(groups[row] - first_group) * words + codes[row] / 64] |= std::uint64_t{1}
                                                                   << codes[row] % 64;
  }
}

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

inline void mark_rows(std::uint32_t* bits, const std::uint32_t* codes, std::size_t rows,
                      std::uint64_t* is_fresh) {
  for (std::size_t first = 0; first < rows; first += 64) {
    const std::size_t count = rows - first < 64 ? rows - first : 64;
    std::uint64_t fresh = 0;
    for (std::size_t row = 0; row < count; ++row) {
      const std::uint32_t code = codes[first + row];
      const std::uint32_t word = bits[code / 32];
      bits[code / 32] = word | std::uint32_t{1} << code % 32;
      fresh |= std::uint64_t{(word >> code % 32 & 1) ^ 1} << row;
    }
    is_fresh[first / 64] = fresh;
  }
}

}  // namespace scalar
}  // namespace stave::kernels
