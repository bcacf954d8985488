// Runs of values to one: sums that cannot overflow, ranges, counts for each code, hashes.
// `bits` selects rows; null selects all.
#pragma once

#include <cstddef>
#include <cstdint>

#include "storage/int128.h"

namespace stave::kernels {

// Exact for up to 2^31 rows.
Int128 sum(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows);

struct Range64 {
  std::int64_t min = INT64_MAX;  // of nothing: min > max
  std::int64_t max = INT64_MIN;
};
Range64 range_of(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows);
// The greatest code; 0 of nothing.
std::uint32_t max_code(const std::uint32_t* codes, std::size_t rows);
// counts[codes[i]] += 1; the caller guarantees that codes are below the size of `counts`.
void histogram(const std::uint32_t* codes, std::size_t rows, std::uint32_t* counts);
// A hash that spreads every bit of a key over all bits; one to one.
void hash(const std::uint64_t* keys, std::size_t rows, std::uint64_t* hashes);

inline std::uint64_t hash_of(std::uint64_t key) {
  key ^= key >> 32;
  key *= 0xd6e8feb86659fd93ULL;
  key ^= key >> 32;
  key *= 0xd6e8feb86659fd93ULL;
  key ^= key >> 32;
  return key;
}

namespace scalar {

inline bool selected(const std::uint64_t* bits, std::size_t row) {
  return bits == nullptr || (bits[row / 64] >> (row % 64) & 1) != 0;
}
inline Int128 sum(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows) {
  Int128 total = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (selected(bits, row)) total += values[row];
  }
  return total;
}
inline Range64 range_of(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows) {
  Range64 range;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!selected(bits, row)) continue;
    if (values[row] < range.min) range.min = values[row];
    if (values[row] > range.max) range.max = values[row];
  }
  return range;
}
inline std::uint32_t max_code(const std::uint32_t* codes, std::size_t rows) {
  std::uint32_t max = 0;
  for (std::size_t row = 0; row < rows; ++row) max = codes[row] > max ? codes[row] : max;
  return max;
}
inline void histogram(const std::uint32_t* codes, std::size_t rows, std::uint32_t* counts) {
  for (std::size_t row = 0; row < rows; ++row) ++counts[codes[row]];
}
inline void hash(const std::uint64_t* keys, std::size_t rows, std::uint64_t* hashes) {
  for (std::size_t row = 0; row < rows; ++row) hashes[row] = hash_of(keys[row]);
}

}  // namespace scalar
}  // namespace stave::kernels
