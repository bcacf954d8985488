// Strings in the order of their bytes, most of them told apart without touching their text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace stave {

// A string with its first bytes as a number: the first that not all of those it is compared with
// begin with.
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

inline void set_prefixes(std::span<PrefixedText> texts) {
  if (texts.empty()) return;
  const std::string_view first = texts[0].text;
  std::size_t common = first.size();
  for (const PrefixedText& other : texts) {
    if (common == 0) break;
    const std::string_view text = other.text.substr(0, common);
    const auto end = std::mismatch(text.begin(), text.end(), first.begin()).first;
    common = static_cast<std::size_t>(end - text.begin());
  }
  for (PrefixedText& text : texts) text.prefix = prefix_of(text.text.substr(common));
}

inline bool text_less(const PrefixedText& left, const PrefixedText& right) {
  return left.prefix != right.prefix ? left.prefix < right.prefix : left.text < right.text;
}

}  // namespace stave
