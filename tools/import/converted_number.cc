// Products are of 128 bits, in units finer than the column's, so that a division finds the digits
// that it needs.
#include "tools/import/converted_number.h"

#include <limits>

namespace stave::loading {

namespace {

constexpr int kSpareDigits = 6;
constexpr std::int64_t kSpareUnit = 1'000'000;

ParseFault parse_product(const char* begin, const char* end, int scale, std::int64_t multiply,
                         Int128& product) {
  constexpr int kMostDigits = 38;
  Int128 scaled = 0;
  const ParseFault fault = parse_decimal(begin, end, kMostDigits, scale + kSpareDigits, scaled);
  if (fault != ParseFault::kNone) return fault;
  return __builtin_mul_overflow(scaled, static_cast<Int128>(multiply), &product)
             ? ParseFault::kOutOfRange
             : ParseFault::kNone;
}

}  // namespace

ParseFault parse_converted(const char* begin, const char* end, Conversion conversion,
                           std::int64_t& value) {
  Int128 product = 0;
  const ParseFault fault = parse_product(begin, end, 0, conversion.multiply, product);
  if (fault != ParseFault::kNone) return fault;
  product /= static_cast<Int128>(conversion.divide) * kSpareUnit;
  if (product > std::numeric_limits<std::int64_t>::max() ||
      product < std::numeric_limits<std::int64_t>::min()) {
    return ParseFault::kOutOfRange;
  }
  value = static_cast<std::int64_t>(product);
  return ParseFault::kNone;
}

ParseFault parse_converted_decimal(const char* begin, const char* end, Type type,
                                   Conversion conversion, Int128& value) {
  Int128 product = 0;
  const ParseFault fault = parse_product(begin, end, type.scale, conversion.multiply, product);
  if (fault != ParseFault::kNone) return fault;
  const Int128 unit = static_cast<Int128>(conversion.divide) * kSpareUnit;
  if (product % unit != 0) return ParseFault::kTooManyFractionDigits;
  product /= unit;
  Int128 limit = 1;
  for (int digit = 0; digit < type.precision; ++digit) limit *= 10;
  if (product >= limit || product <= -limit) return ParseFault::kTooManyDigits;
  value = product;
  return ParseFault::kNone;
}

ParseFault parse_converted_decimal(const char* begin, const char* end, Type type,
                                   Conversion conversion, std::int64_t& value) {
  Int128 wide = 0;
  const ParseFault fault = parse_converted_decimal(begin, end, type, conversion, wide);
  if (fault == ParseFault::kNone) value = static_cast<std::int64_t>(wide);
  return fault;
}

}  // namespace stave::loading
