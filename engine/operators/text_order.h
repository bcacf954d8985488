// Strings in the order of their bytes, most of them told apart without touching their text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stave {

// A string with its first bytes as a number.
struct PrefixedText {
  std::uint64_t prefix = 0;
  std::string_view text;
  std::uint32_t id = 0;  // a code or a row
};

inline std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t byte = 0; byte < sizeof(prefix); ++byte) {
    const auto part = byte < text.size() ? static_cast<unsigned char>(text[byte]) : 0U;
    prefix = prefix << 8 | part;
  }
  return prefix;
}

inline bool text_less(const PrefixedText& left, const PrefixedText& right) {
  return left.prefix != right.prefix ? left.prefix < right.prefix : left.text < right.text;
}

}  // namespace stave
