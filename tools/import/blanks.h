// Blanks around names and values, which are not part of them.
#pragma once

#include <string_view>

namespace stave::loading {

inline bool is_blank(char byte) {
  return byte == ' ' || byte == '\t';
}

inline std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace stave::loading
