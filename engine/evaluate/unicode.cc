// UTF-8: see unicode.h.
#include "engine/evaluate/unicode.h"

namespace stave {

namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Code points U+0080 to U+07FF: two bytes, as all Latin letters beyond ASCII that have case here.
std::uint32_t decode_two(std::string_view text) {
  return (static_cast<std::uint32_t>(static_cast<unsigned char>(text[0])) & 0x1FU) << 6 |
         (static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) & 0x3FU);
}
void append_two(std::uint32_t code, std::string& out) {
  out += static_cast<char>(0xC0U | code >> 6);
  out += static_cast<char>(0x80U | (code & 0x3FU));
}

// In Latin Extended-A upper case is even, but for two stretches where it is odd.
bool upper_is_odd(std::uint32_t code) {
  return (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
}
bool has_pair(std::uint32_t code) {
  return code >= 0x100 && code <= 0x17E && code != 0x130 && code != 0x131 && code != 0x138 &&
         code != 0x149 && code != 0x178;
}

std::uint32_t lower_of(std::uint32_t code) {
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 32;
  if (code == 0x178) return 0xFF;
  if (has_pair(code) && (code % 2 == 1) == upper_is_odd(code)) return code + 1;
  return code;
}
std::uint32_t upper_of(std::uint32_t code) {
  if (code >= 0xE0 && code <= 0xFE && code != 0xF7) return code - 32;
  if (code == 0xFF) return 0x178;
  if (has_pair(code) && (code % 2 == 1) != upper_is_odd(code)) return code - 1;
  return code;
}

template <typename Ascii, typename Latin>
void map_case(std::string_view text, std::string& out, const Ascii& ascii, const Latin& latin) {
  while (!text.empty()) {
    const std::size_t size = code_point_size(text);
    if (size == 1) {
      out += ascii(text[0]);
    } else if (size == 2) {
      append_two(latin(decode_two(text)), out);
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
}

}  // namespace

std::size_t code_point_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t wanted = first < 0xC2   ? 1
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 1;
  if (wanted > text.size()) return 1;
  for (std::size_t i = 1; i < wanted; ++i) {
    if (!is_continuation(text[i])) return 1;
  }
  return wanted;
}

std::int64_t code_points(std::string_view text) {
  std::int64_t count = 0;
  for (; !text.empty(); text.remove_prefix(code_point_size(text))) ++count;
  return count;
}

void append_lower(std::string_view text, std::string& out) {
  map_case(
      text, out,
      [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
      },
      lower_of);
}

void append_upper(std::string_view text, std::string& out) {
  map_case(
      text, out,
      [](char byte) {
        return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
      },
      upper_of);
}

bool matches_like(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  bool has_star = false;
  std::size_t star_pattern = 0;  // behind the last %
  std::size_t star_text = 0;     // where its text ends for now
  while (at < text.size()) {
    if (in < pattern.size() && pattern[in] == '%') {
      has_star = true;
      star_pattern = ++in;
      star_text = at;
      continue;
    }
    if (in < pattern.size() && pattern[in] == '_') {
      ++in;
      at += code_point_size(text.substr(at));
      continue;
    }
    const bool escaped = in + 1 < pattern.size() && pattern[in] == '\\';
    if (in < pattern.size() && pattern[in + (escaped ? 1 : 0)] == text[at]) {
      in += escaped ? 2 : 1;
      ++at;
      continue;
    }
    if (!has_star) return false;
    star_text += code_point_size(text.substr(star_text));
    at = star_text;
    in = star_pattern;
  }
  while (in < pattern.size() && pattern[in] == '%') ++in;
  return in == pattern.size();
}

}  // namespace stave
