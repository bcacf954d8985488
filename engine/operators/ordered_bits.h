// Numbers as unsigned integers that order as they do; not-a-number is above all numbers.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "storage/int128.h"

namespace stave {

inline std::uint64_t ordered_bits(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
}

inline std::uint64_t ordered_bits(double value) {
  if (std::isnan(value)) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0.0 becomes 0.0
  const bool negative = bits >> 63 != 0;
  return negative ? ~bits : bits | std::uint64_t{1} << 63;
}

// The numbers that they are the bits of.
inline std::int64_t integer_of_ordered(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits ^ (std::uint64_t{1} << 63));
}

inline double float64_of_ordered(std::uint64_t bits) {
  const bool negative = bits >> 63 == 0;
  return std::bit_cast<double>(negative ? ~bits : bits ^ std::uint64_t{1} << 63);
}

inline UInt128 ordered_bits(Int128 value) {
  return static_cast<UInt128>(value) ^ (UInt128{1} << 127);
}

}  // namespace stave
