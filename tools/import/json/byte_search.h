// Which bytes of a word are of a kind, as the high bit of each. Behind the first of them others may
// have theirs too.
#pragma once

#include <bit>
#include <cstdint>

namespace stave::loading {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighBits = 0x8080808080808080;

// `limit`: at most 128.
inline std::uint64_t bytes_below(std::uint64_t word, std::uint8_t limit) {
  return (word - kOnes * limit) & ~word & kHighBits;
}

inline std::uint64_t bytes_like(std::uint64_t word, char byte) {
  return bytes_below(word ^ (kOnes * static_cast<std::uint8_t>(byte)), 1);
}

// Exact for every byte.
inline std::uint64_t bytes_not_digits(std::uint64_t word) {
  const std::uint64_t low = word & ~kHighBits;
  const std::uint64_t too_high = low + kOnes * (0x80 - ('9' + 1));
  const std::uint64_t not_too_low = low + kOnes * (0x80 - '0');
  return (word | too_high | ~not_too_low) & kHighBits;
}

}  // namespace stave::loading
