// f64 values as 128-bit integers in units of one power of two, which sums of them share: exact, or
// not at all.
// A value with the biased exponent `base` + s is its mantissa shifted left by s, for s from 0 to
// kMostShift, and zero is zero; `base` is at least 1, and base + kMostShift below the exponent of
// infinity.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "storage/int128.h"

namespace stave::kernels {

inline constexpr std::uint32_t kMostShift = 60;

// Writes the halves of every value; false where one is not within reach, and then anything.
bool fixed_point(const double* values, std::size_t rows, std::uint32_t base, std::uint64_t* low,
                 std::int64_t* high);
// The sum of the values, at most 2^14; false as above.
bool fixed_point_sum(const double* values, std::size_t rows, std::uint32_t base, Int128* sum);

namespace scalar {

struct FixedPoint {
  std::uint64_t low;
  std::int64_t high;
  bool is_within;
};

inline __attribute__((always_inline)) FixedPoint fixed_point(double value, std::uint32_t base) {
  constexpr int kMantissaBits = 52;
  constexpr std::uint64_t kLeadingBit = std::uint64_t{1} << kMantissaBits;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (bits << 1 == 0) return {0, 0, true};
  const auto shift = static_cast<std::uint32_t>(bits >> kMantissaBits & 0x7ff) - base;
  const std::int64_t sign = static_cast<std::int64_t>(bits) >> 63;
  const auto mantissa = static_cast<std::int64_t>((bits & (kLeadingBit - 1)) | kLeadingBit);
  const std::int64_t signed_one = (mantissa ^ sign) - sign;
  return {static_cast<std::uint64_t>(signed_one) << (shift & 63),
          (signed_one >> 1) >> ((63 - shift) & 63), shift <= kMostShift};
}

inline Int128 joined(std::uint64_t low, std::int64_t high) {
  return static_cast<Int128>(static_cast<UInt128>(static_cast<std::uint64_t>(high)) << 64 | low);
}

}  // namespace scalar
}  // namespace stave::kernels
