// Exact arithmetic of decimals: see decimal_math.h.
#include "engine/evaluate/decimal_math.h"

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "engine/runtime/value_text.h"

namespace stave {

namespace {

using Wide = boost::multiprecision::cpp_int;

constexpr std::array<Int128, kMostPower + 1> kPowers = [] {
  std::array<Int128, kMostPower + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Wide wide_power(int power) {
  return boost::multiprecision::pow(Wide(10), static_cast<unsigned>(power));
}

template <typename Integer>
Integer rounded(const Integer& numerator, const Integer& denominator, Rounding rounding) {
  Integer quotient = numerator / denominator;
  const Integer remainder = numerator - quotient * denominator;
  if (remainder == 0) return quotient;
  const bool negative = (remainder < 0) != (denominator < 0);
  const Integer size = remainder < 0 ? Integer(-remainder) : remainder;
  const Integer whole = denominator < 0 ? Integer(-denominator) : denominator;
  const Integer rest = whole - size;  // size < whole, so 2 * size needs no more room
  bool away = false;
  switch (rounding) {
    case Rounding::kHalfUp:
      away = size >= rest;
      break;
    case Rounding::kHalfEven:
      away = size > rest || (size == rest && Integer(quotient % 2) != 0);
      break;
    case Rounding::kFloor:
      away = negative;
      break;
    case Rounding::kCeil:
      away = !negative;
      break;
    case Rounding::kDown:
      break;
  }
  if (away) quotient += negative ? -1 : 1;
  return quotient;
}

std::optional<Int128> narrowed(const Wide& value) {
  static const Wide kLimit = wide_power(kMostPower);
  if (value >= kLimit || value <= -kLimit) return std::nullopt;
  const Wide size = value < 0 ? Wide(-value) : value;
  const auto low = static_cast<std::uint64_t>(size & std::numeric_limits<std::uint64_t>::max());
  const auto high = static_cast<std::uint64_t>(size >> 64);
  const auto joined = static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  return value < 0 ? -joined : joined;
}

Wide widened(Int128 value) {
  const UInt128 size = value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  Wide wide = static_cast<std::uint64_t>(size >> 64);
  wide <<= 64;
  wide += static_cast<std::uint64_t>(size);
  return value < 0 ? Wide(-wide) : wide;
}

}  // namespace

std::optional<Rounding> rounding_of(std::string_view name) {
  if (name == "half_up") return Rounding::kHalfUp;
  if (name == "half_even") return Rounding::kHalfEven;
  if (name == "floor") return Rounding::kFloor;
  if (name == "ceil") return Rounding::kCeil;
  if (name == "down") return Rounding::kDown;
  return std::nullopt;
}

Int128 power_of_ten(int power) {
  return kPowers[static_cast<std::size_t>(power)];
}

bool within_precision(Int128 value, int precision) {
  const Int128 limit = power_of_ten(precision);
  return value < limit && value > -limit;
}

Int128 divide_rounded(Int128 numerator, Int128 denominator, Rounding rounding) {
  return rounded<Int128>(numerator, denominator, rounding);
}

std::optional<Int128> scaled_quotient(Int128 value, int up, int down, Int128 divisor,
                                      Rounding rounding) {
  Int128 numerator = 0;
  Int128 denominator = 0;
  if (up <= kMostPower && down <= kMostPower &&
      !__builtin_mul_overflow(value, power_of_ten(up), &numerator) &&
      !__builtin_mul_overflow(divisor, power_of_ten(down), &denominator) &&
      denominator != std::numeric_limits<Int128>::min() &&
      numerator != std::numeric_limits<Int128>::min()) {
    const Int128 result = divide_rounded(numerator, denominator, rounding);
    if (!within_precision(result, kMostPower)) return std::nullopt;
    return result;
  }
  return narrowed(rounded<Wide>(widened(value) * wide_power(up),
                                widened(divisor) * wide_power(down), rounding));
}

std::optional<Int128> rescaled(Int128 value, int from_scale, int to_scale, Rounding rounding) {
  if (from_scale == to_scale) return value;
  if (from_scale < to_scale) return scaled_quotient(value, to_scale - from_scale, 0, 1, rounding);
  return scaled_quotient(value, 0, from_scale - to_scale, 1, rounding);
}

double decimal_to_double(Int128 value, int scale) {
  constexpr Int128 kExact = Int128{1} << 53;
  constexpr int kExactPower = 22;
  if (value <= kExact && value >= -kExact && scale <= kExactPower) {
    // Both are exact doubles, so the quotient is rounded once.
    return static_cast<double>(value) / static_cast<double>(power_of_ten(scale));
  }
  std::string text;
  append_decimal(value, scale, text);
  return std::strtod(text.c_str(), nullptr);
}

std::optional<Int128> double_to_decimal(double value, int scale) {
  if (!std::isfinite(value) || std::fabs(value) >= 1e39) return std::nullopt;
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  Wide numerator = Wide(mantissa) * wide_power(scale);
  // Below 2^-1300 nothing is left of it at 38 digits.
  if (exponent < -1300) return Int128{0};
  if (exponent >= 0) return narrowed(numerator << static_cast<unsigned>(exponent));
  return narrowed(
      rounded<Wide>(numerator, Wide(1) << static_cast<unsigned>(-exponent), Rounding::kHalfUp));
}

double round_double(double value, int digits, Rounding rounding) {
  if (!std::isfinite(value) || digits > kMostPower || digits < -kMostPower) {
    return digits < -kMostPower && std::isfinite(value) ? 0.0 : value;
  }
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  // A whole number has no digits after the point to lose.
  if (exponent >= 0 && digits >= 0) return value;
  if (exponent < -1300) exponent = -1300;
  Wide numerator = mantissa;
  Wide denominator = 1;
  if (digits >= 0) {
    numerator *= wide_power(digits);
  } else {
    denominator *= wide_power(-digits);
  }
  if (exponent >= 0) {
    numerator <<= static_cast<unsigned>(exponent);
  } else {
    denominator <<= static_cast<unsigned>(-exponent);
  }
  const Wide whole = rounded<Wide>(numerator, denominator, rounding);
  const std::string text = whole.str() + "e" + std::to_string(-digits);
  return std::copysign(std::strtod(text.c_str(), nullptr), value);
}

}  // namespace stave
