// Numbers and the three words of JSON.
#pragma once

#include <string_view>

namespace stave::loading {

inline bool is_json_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// The size of the number that the text begins with; 0 where that is none. No plus sign, no zeros in
// front, digits on both sides of the point. What follows is for the caller.
inline std::size_t json_number_size(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && is_json_digit(text[at])) ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return 0;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return 0;
  }
  return at;
}

// The size of the number or word that the text begins with; 0 where that is none.
inline std::size_t json_word_size(std::string_view text) {
  for (const std::string_view word : {"null", "true", "false"}) {
    if (text.starts_with(word)) return word.size();
  }
  return json_number_size(text);
}

}  // namespace stave::loading
