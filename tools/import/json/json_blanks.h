// What may stand between the parts of a JSON text.
#pragma once

#include <cstddef>
#include <string_view>

namespace stave::loading {

// The last stands before each text of a JSON text sequence (RFC 7464).
inline constexpr std::string_view kJsonBlanks = " \t\r\n\x1E";

inline bool is_json_blank(char byte) {
  return kJsonBlanks.find(byte) != std::string_view::npos;
}

inline std::size_t after_json_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(kJsonBlanks, at);
  return found == std::string_view::npos ? text.size() : found;
}

inline std::string_view without_json_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kJsonBlanks) + 1);
}

}  // namespace stave::loading
