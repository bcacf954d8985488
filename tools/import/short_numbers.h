// The numbers that most cells hold, read within a word of eight bytes: inline, since calls would
// cost as much, and without loops over digits, which cost a branch miss for each number.
// Invariant: what is not read here is read by parse_number.h, with the same outcome wherever both
// can. `begin` has kTextPadding readable bytes after `end`.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace stave::loading {

inline constexpr std::uint64_t kZeroDigits = 0x3030303030303030;

inline constexpr std::array<std::uint64_t, 19> kPowersOfTen = [] {
  std::array<std::uint64_t, 19> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
// Eight digits and as many zeros fit into a word.
inline constexpr int kMostAddedZeros = 11;

// Eight digits as a number; false where a byte is none.
inline bool digits_of_word(std::uint64_t word, std::uint64_t& value) {
  const std::uint64_t high = 0xF0F0F0F0F0F0F0F0;
  const bool are_digits =
      (((word & high) ^ kZeroDigits) | (((word + 0x0606060606060606) & high) ^ kZeroDigits)) == 0;
  word -= kZeroDigits;
  word = word * 10 + (word >> 8);
  value = (((word & 0x000000FF000000FF) * 0x000F424000000064) +
           (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >>
          32;
  return are_digits;
}

// 1..8 bytes at the end of a word, zeros before them.
inline std::uint64_t word_of_digits(const char* begin, std::ptrdiff_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, begin, sizeof(word));
  const auto unused = static_cast<unsigned>(64 - 8 * count);
  // By two steps, since a word cannot be moved by 64 bits.
  return (word << unused) | (kZeroDigits >> 8 >> (56 - unused));
}

// 1..8 digits; false where there are fewer or more, or a byte is none.
inline bool read_short_integer(const char* begin, const char* end, std::uint64_t& value) {
  const std::ptrdiff_t count = end - begin;
  return count >= 1 && count <= 8 && digits_of_word(word_of_digits(begin, count), value);
}

// A decimal of at most eight bytes without sign or exponent: its digits, and how many of them stand
// behind the point. The point is found and closed up within the word.
inline bool read_short_decimal(const char* begin, const char* end, std::uint64_t& digits,
                               int& fraction) {
  const std::ptrdiff_t count = end - begin;
  if (count < 1 || count > 8) return false;
  std::uint64_t word = word_of_digits(begin, count);
  // The lowest byte that is a point has its high bit set.
  const std::uint64_t differs = word ^ 0x2E2E2E2E2E2E2E2E;
  const std::uint64_t points = (differs - 0x0101010101010101) & ~differs & 0x8080808080808080;
  fraction = 0;
  if (points != 0) {
    const auto bit = static_cast<unsigned>(std::countr_zero(points)) / 8 * 8;
    fraction = 7 - static_cast<int>(bit / 8);
    if (count == 1 || fraction == 0) return false;
    const std::uint64_t before = word & ((std::uint64_t{1} << bit) - 1);
    const std::uint64_t behind = word >> bit >> 8 << 8 << bit;
    word = before << 8 | behind | '0';
  }
  return digits_of_word(word, digits);
}

// The same as an integer scaled by 10^scale, of at most `precision` (18) digits.
inline bool read_short_scaled(const char* begin, const char* end, int precision, int scale,
                              std::int64_t& value) {
  std::uint64_t digits = 0;
  int fraction = 0;
  if (!read_short_decimal(begin, end, digits, fraction)) return false;
  const int zeros = scale - fraction;
  if (zeros < 0 || zeros > kMostAddedZeros) return false;
  const std::uint64_t scaled = digits * kPowersOfTen[static_cast<std::size_t>(zeros)];
  value = static_cast<std::int64_t>(scaled);
  return scaled < kPowersOfTen[static_cast<std::size_t>(precision)];
}

// The nearest double of up to eight digits: they and the power of ten are doubles exactly, so that
// one division rounds once.
inline bool read_short_float(const char* begin, const char* end, double& value) {
  const bool is_negative = begin < end && *begin == '-';
  std::uint64_t digits = 0;
  int fraction = 0;
  if (!read_short_decimal(begin + (is_negative ? 1 : 0), end, digits, fraction)) return false;
  const auto power = static_cast<double>(kPowersOfTen[static_cast<std::size_t>(fraction)]);
  const double magnitude = static_cast<double>(static_cast<std::int64_t>(digits)) / power;
  value = is_negative ? -magnitude : magnitude;
  return true;
}

}  // namespace stave::loading
