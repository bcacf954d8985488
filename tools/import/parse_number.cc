// Integers of up to 16 digits are read eight bytes at a time, since a loop over digits of varying
// count costs a branch miss for each number.
#include "tools/import/parse_number.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

namespace stave::loading {

namespace {

constexpr std::uint64_t kZeros = 0x3030303030303030;

// Eight digits as a number; false where a byte is none.
inline bool digits_of_word(std::uint64_t word, std::uint64_t& value) {
  const std::uint64_t high = 0xF0F0F0F0F0F0F0F0;
  if ((((word & high) ^ kZeros) | (((word + 0x0606060606060606) & high) ^ kZeros)) != 0) {
    return false;
  }
  word -= kZeros;
  word = word * 10 + (word >> 8);
  value = (((word & 0x000000FF000000FF) * 0x000F424000000064) +
           (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >>
          32;
  return true;
}

// Up to eight digits; false where a byte is none.
inline bool read_digits(const char* begin, std::ptrdiff_t count, std::uint64_t& value) {
  std::uint64_t word = 0;
  std::memcpy(&word, begin, sizeof(word));
  const auto shift = static_cast<unsigned>(64 - 8 * count);
  // The digits move to the end of the word, zeros come before them.
  word = shift == 0 ? word : (word << shift) | (kZeros >> (64 - shift));
  return digits_of_word(word, value);
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

constexpr std::array<std::uint64_t, 19> kPowersOfTen = [] {
  std::array<std::uint64_t, 19> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
// Eight digits and as many zeros fit into a word.
constexpr int kMostAddedZeros = 11;

// A decimal of at most eight bytes without sign or exponent, as nearly all are: its digits, and how
// many of them stand behind the point. The point is found and closed up within a word.
inline bool read_short_decimal(const char* begin, const char* end, std::uint64_t& digits,
                               int& fraction) {
  const std::ptrdiff_t count = end - begin;
  if (count < 1 || count > 8) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, begin, sizeof(word));
  const auto shift = static_cast<unsigned>(64 - 8 * count);
  word = shift == 0 ? word : (word << shift) | (kZeros >> (64 - shift));
  // The lowest byte that is a point has its high bit set.
  const std::uint64_t differs = word ^ 0x2E2E2E2E2E2E2E2E;
  const std::uint64_t points = (differs - 0x0101010101010101) & ~differs & 0x8080808080808080;
  fraction = 0;
  if (points != 0) {
    const auto bit = static_cast<unsigned>(std::countr_zero(points)) / 8 * 8;
    fraction = 7 - static_cast<int>(bit / 8);
    if (count == 1 || fraction == 0) return false;
    const std::uint64_t before = word & ((std::uint64_t{1} << bit) - 1);
    const std::uint64_t behind = bit == 56 ? 0 : word >> (bit + 8) << (bit + 8);
    word = before << 8 | behind | '0';
  }
  return digits_of_word(word, digits);
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
  std::uint64_t digits = 0;
  int fraction = 0;
  if (read_short_decimal(begin, end, digits, fraction) && fraction <= scale) {
    const std::uint64_t scaled = digits * kPowersOfTen[static_cast<std::size_t>(scale - fraction)];
    if (scale - fraction <= kMostAddedZeros &&
        scaled < kPowersOfTen[static_cast<std::size_t>(precision)]) {
      value = static_cast<std::int64_t>(scaled);
      return ParseFault::kNone;
    }
  }
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
