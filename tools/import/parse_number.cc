// Integers are read eight digits at a time (short_numbers.h).
#include "tools/import/parse_number.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "tools/import/short_numbers.h"

namespace stave::loading {

namespace {

inline bool read_digits(const char* begin, std::ptrdiff_t count, std::uint64_t& value) {
  return read_short_integer(begin, begin + count, value);
}

constexpr std::ptrdiff_t kMaxInt64Digits = 19;

// 1..19 digits into an unsigned number, which holds them all.
inline bool read_magnitude(const char* begin, const char* end, std::uint64_t& value) {
  const std::ptrdiff_t count = end - begin;
  if (count <= 0 || count > kMaxInt64Digits) return false;
  if (count <= 8) return read_digits(begin, count, value);
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  if (count <= 16) {
    if (!read_digits(begin, count - 8, high) || !read_digits(end - 8, 8, low)) return false;
    value = high * 100'000'000 + low;
    return true;
  }
  std::uint64_t middle = 0;
  if (!read_digits(begin, count - 16, high) || !read_digits(end - 16, 8, middle) ||
      !read_digits(end - 8, 8, low)) {
    return false;
  }
  value = (high * 100'000'000 + middle) * 100'000'000 + low;
  return true;
}

inline bool with_sign(std::uint64_t magnitude, bool negative, std::int64_t& value) {
  const std::uint64_t limit = std::uint64_t{1} << 63;
  if (negative ? magnitude > limit : magnitude >= limit) return false;
  value =
      negative ? static_cast<std::int64_t>(~magnitude + 1) : static_cast<std::int64_t>(magnitude);
  return true;
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// Text of a decimal taken apart: digits without sign, point and exponent.
struct DecimalParts {
  bool negative = false;
  const char* digits = nullptr;
  const char* end = nullptr;
  const char* point = nullptr;  // `end` where there is none
  int exponent = 0;
};

constexpr int kMaxExponent = 100;

bool take_apart(const char* begin, const char* end, DecimalParts& parts) {
  if (begin < end && (*begin == '-' || *begin == '+')) parts.negative = *begin++ == '-';
  parts.digits = begin;
  parts.point = nullptr;
  bool any = false;
  for (; begin < end; ++begin) {
    if (is_digit(*begin)) {
      any = true;
    } else if (*begin == '.' && parts.point == nullptr) {
      parts.point = begin;
    } else {
      break;
    }
  }
  parts.end = begin;
  if (parts.point == nullptr) parts.point = begin;
  if (!any) return false;
  if (begin == end) return true;
  if (*begin != 'e' && *begin != 'E') return false;
  ++begin;
  if (begin < end && *begin == '+') ++begin;
  const auto [rest, error] = std::from_chars(begin, end, parts.exponent);
  return error == std::errc() && rest == end && parts.exponent >= -kMaxExponent &&
         parts.exponent <= kMaxExponent;
}

template <typename Integer>
ParseFault to_scaled(const DecimalParts& parts, int precision, int scale, Integer& value) {
  // Digits behind the last one that fits must be zeros; digits missing there are put in.
  int room = scale + parts.exponent;  // digits that may still follow the point
  Integer magnitude = 0;
  int digits = 0;
  const auto take = [&](int digit) {
    if (digits >= precision) return false;
    magnitude = static_cast<Integer>(magnitude * 10 + digit);
    if (magnitude != 0) ++digits;
    return true;
  };
  for (const char* at = parts.digits; at < parts.point; ++at) {
    // With a negative exponent the last digits before the point lie behind the scale.
    if (room < 0 && parts.point - at <= -room) {
      if (*at != '0') return ParseFault::kTooManyFractionDigits;
    } else if (!take(*at - '0')) {
      return ParseFault::kTooManyDigits;
    }
  }
  for (const char* at = parts.point + 1; at < parts.end; ++at) {
    if (room <= 0) {
      if (*at != '0') return ParseFault::kTooManyFractionDigits;
    } else if (--room; !take(*at - '0')) {
      return ParseFault::kTooManyDigits;
    }
  }
  for (; room > 0 && magnitude != 0; --room) {
    if (!take(0)) return ParseFault::kTooManyDigits;
  }
  value = parts.negative ? static_cast<Integer>(-magnitude) : magnitude;
  return ParseFault::kNone;
}

template <typename Integer>
ParseFault parse_scaled(const char* begin, const char* end, int precision, int scale,
                        Integer& value) {
  DecimalParts parts;
  if (!take_apart(begin, end, parts)) return ParseFault::kNotNumber;
  return to_scaled(parts, precision, scale, value);
}

}  // namespace

bool parse_canonical_int64(const char* begin, const char* end, std::int64_t& value) {
  const bool negative = begin < end && *begin == '-';
  if (negative) ++begin;
  if (begin >= end || (*begin == '0' && (end - begin > 1 || negative))) return false;
  std::uint64_t magnitude = 0;
  return read_magnitude(begin, end, magnitude) && with_sign(magnitude, negative, value);
}

ParseFault parse_int64(const char* begin, const char* end, std::int64_t& value) {
  const char* digits = begin;
  const bool negative = digits < end && *digits == '-';
  if (digits < end && (*digits == '-' || *digits == '+')) ++digits;
  std::uint64_t magnitude = 0;
  if (read_magnitude(digits, end, magnitude)) {
    return with_sign(magnitude, negative, value) ? ParseFault::kNone : ParseFault::kOutOfRange;
  }
  Int128 wide = 0;
  const ParseFault fault = parse_scaled<Int128>(begin, end, 38, 0, wide);
  if (fault == ParseFault::kTooManyDigits) return ParseFault::kOutOfRange;
  if (fault != ParseFault::kNone) return ParseFault::kNotNumber;
  if (wide > std::numeric_limits<std::int64_t>::max() ||
      wide < std::numeric_limits<std::int64_t>::min()) {
    return ParseFault::kOutOfRange;
  }
  value = static_cast<std::int64_t>(wide);
  return ParseFault::kNone;
}

ParseFault parse_decimal(const char* begin, const char* end, int precision, int scale,
                         Int128& value) {
  return parse_scaled(begin, end, precision, scale, value);
}

ParseFault parse_decimal64(const char* begin, const char* end, int precision, int scale,
                           std::int64_t& value) {
  if (read_short_scaled(begin, end, precision, scale, value)) return ParseFault::kNone;
  return parse_scaled(begin, end, precision, scale, value);
}

ParseFault parse_float64(const char* begin, const char* end, double& value) {
  if (begin < end && *begin == '+') {
    ++begin;
    if (begin < end && *begin == '-') return ParseFault::kNotNumber;
  }
  const auto [rest, error] = std::from_chars(begin, end, value);
  if (error == std::errc::result_out_of_range) return ParseFault::kOutOfRange;
  if (error != std::errc() || rest != end || !std::isfinite(value)) return ParseFault::kNotNumber;
  return ParseFault::kNone;
}

ParseFault parse_bool(const char* begin, const char* end, bool& value) {
  const std::ptrdiff_t size = end - begin;
  if (size < 1 || size > 5) return ParseFault::kNotBool;
  std::array<char, 8> lower{};
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const char byte = begin[i];
    lower[static_cast<std::size_t>(i)] =
        byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  const std::string_view text(lower.data(), static_cast<std::size_t>(size));
  if (text == "true" || text == "1" || text == "t" || text == "yes" || text == "y") {
    value = true;
    return ParseFault::kNone;
  }
  if (text == "false" || text == "0" || text == "f" || text == "no" || text == "n") {
    value = false;
    return ParseFault::kNone;
  }
  return ParseFault::kNotBool;
}

}  // namespace stave::loading
