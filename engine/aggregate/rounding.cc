// Rounding of exact values; see the header.
#include "engine/aggregate/rounding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace stave {
namespace {

constexpr int kLimbBits = 32;
constexpr int kMantissaBits = 53;
constexpr int kLowestExponent = -1074;  // of the smallest subnormal

bool bit_at(std::span<const std::uint32_t> limbs, int position) {
  if (position < 0) return false;
  const auto limb = static_cast<std::size_t>(position / kLimbBits);
  return limb < limbs.size() && ((limbs[limb] >> (position % kLimbBits)) & 1U) != 0;
}

bool any_bit_below(std::span<const std::uint32_t> limbs, int position) {
  if (position <= 0) return false;
  const auto whole = static_cast<std::size_t>(position / kLimbBits);
  for (std::size_t i = 0; i < std::min(whole, limbs.size()); ++i) {
    if (limbs[i] != 0) return true;
  }
  const std::uint32_t mask = (1U << (position % kLimbBits)) - 1;
  return whole < limbs.size() && (limbs[whole] & mask) != 0;
}

UInt128 magnitude_of(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

double round_to_float64(std::span<const std::uint32_t> limbs, int exponent, bool negative,
                        bool inexact) {
  std::size_t length = limbs.size();
  while (length > 0 && limbs[length - 1] == 0) --length;
  if (length == 0) return 0.0;
  const int top = static_cast<int>(length) * kLimbBits - 1 - std::countl_zero(limbs[length - 1]);
  // The result is a multiple of 2^lowest; what lies below decides the rounding.
  const int lowest = std::max(top + exponent - (kMantissaBits - 1), kLowestExponent);
  const int dropped = lowest - exponent;
  std::uint64_t mantissa = 0;
  for (int position = top; position >= std::max(dropped, 0); --position) {
    mantissa = (mantissa << 1) | (bit_at(limbs, position) ? 1U : 0U);
  }
  const bool half = bit_at(limbs, dropped - 1);
  const bool more = inexact || any_bit_below(limbs, dropped - 1);
  if (half && (more || (mantissa & 1U) != 0)) ++mantissa;
  const double value = std::ldexp(static_cast<double>(mantissa), std::max(lowest, exponent));
  return negative ? -value : value;
}

double divide_to_float64(std::span<const std::uint32_t> limbs, int exponent, bool negative,
                         std::uint64_t divisor) {
  // 128 further bits below make the quotient at least 64 bits long.
  constexpr std::size_t kExtra = 4;
  std::vector<std::uint32_t> quotient(kExtra, 0);
  quotient.insert(quotient.end(), limbs.begin(), limbs.end());
  UInt128 remainder = 0;
  for (std::size_t i = quotient.size(); i-- > 0;) {
    const UInt128 digit = (remainder << kLimbBits) | quotient[i];
    quotient[i] = static_cast<std::uint32_t>(digit / divisor);
    remainder = digit % divisor;
  }
  return round_to_float64(quotient, exponent - static_cast<int>(kExtra) * kLimbBits, negative,
                          remainder != 0);
}

double average_to_float64(Int128 sum, std::uint64_t count) {
  constexpr std::uint64_t kMostExact = std::uint64_t{1} << 53;
  const UInt128 magnitude = magnitude_of(sum);
  double result = 0;
  if (magnitude == 0) return 0;
  if (magnitude <= kMostExact && count <= kMostExact) {
    result =
        static_cast<double>(static_cast<std::uint64_t>(magnitude)) / static_cast<double>(count);
  } else {
    // 63 bits or more of the quotient; the last one tells whether there are others.
    const auto high = static_cast<std::uint64_t>(magnitude >> 64);
    const auto low = static_cast<std::uint64_t>(magnitude);
    const int shift = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(low);
    const UInt128 dividend = magnitude << shift;
    UInt128 quotient = dividend / count;
    if (quotient * count != dividend) quotient |= 1;
    result = std::ldexp(static_cast<double>(quotient), -shift);
  }
  return sum < 0 ? -result : result;
}

Result<Int128> average_to_decimal(Int128 sum, std::uint64_t count, int more_digits) {
  const Int128 divisor = static_cast<Int128>(count);
  const Int128 power = power_of_ten(more_digits);
  const Int128 whole = sum / divisor;
  const Int128 rest = sum % divisor;  // has the sign of sum
  const UInt128 scaled = magnitude_of(rest) * static_cast<UInt128>(power);
  UInt128 fraction = scaled / static_cast<UInt128>(divisor);
  if ((scaled % static_cast<UInt128>(divisor)) * 2 >= static_cast<UInt128>(divisor)) ++fraction;
  Int128 result = 0;
  const auto signed_fraction =
      sum < 0 ? -static_cast<Int128>(fraction) : static_cast<Int128>(fraction);
  if (__builtin_mul_overflow(whole, power, &result) ||
      __builtin_add_overflow(result, signed_fraction, &result)) {
    return fail(ErrorCode::kOverflow,
                "An average does not fit into 38 digits. Round the values before averaging them.");
  }
  return result;
}

}  // namespace stave
