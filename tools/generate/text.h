// CSV cells appended to a buffer: the few kinds that dumps need, without locale or allocation.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stave::generator {

inline void append_integer(std::string& out, std::int64_t value) {
  char digits[20];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(result.ptr - digits));
}

inline void append_two_digits(std::string& out, std::uint32_t value) {
  out.push_back(static_cast<char>('0' + value / 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

// `scaled` / 10^digits, as "12.05"; not negative.
inline void append_decimal(std::string& out, std::uint64_t scaled, int digits) {
  char text[24];
  const auto result = std::to_chars(text, text + sizeof text, scaled);
  const auto length = static_cast<int>(result.ptr - text);
  if (length <= digits) {
    out.append("0.");
    out.append(static_cast<std::size_t>(digits - length), '0');
    out.append(text, static_cast<std::size_t>(length));
    return;
  }
  out.append(text, static_cast<std::size_t>(length - digits));
  out.push_back('.');
  out.append(result.ptr - digits, static_cast<std::size_t>(digits));
}

// Quoted where CSV needs it.
inline void append_text_cell(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.empty()) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    out.append(c == '"' ? 2 : 1, c);
  }
  out.push_back('"');
}

}  // namespace stave::generator
