// Lone surrogates become the three bytes that UTF-8 would have for them if it allowed them.
#include "tools/import/text_decoder.h"

#include <algorithm>
#include <array>

namespace stave::loading {

namespace {

// Windows-1252 from 0x80 on; 0 where it has nothing, which then is the control that Latin-1 has.
constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

void append_utf8(std::uint32_t code_point, std::vector<char>& out) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code_point >> 6)));
    tail(0);
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code_point >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code_point >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

bool is_windows_byte(unsigned char byte) {
  return byte >= 0x80 && byte <= 0x9F && kWindows1252[byte - 0x80U] != 0;
}

void TextDecoder::take_unit(std::uint32_t unit, std::vector<char>& out) {
  if (high_surrogate_ != 0 && is_low_surrogate(unit)) {
    append_utf8(0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit - 0xDC00), out);
    high_surrogate_ = 0;
    return;
  }
  finish(out);
  if (is_high_surrogate(unit)) {
    high_surrogate_ = unit;
  } else {
    append_utf8(unit, out);
  }
}

void TextDecoder::finish(std::vector<char>& out) {
  if (high_surrogate_ != 0) append_utf8(high_surrogate_, out);
  high_surrogate_ = 0;
}

void TextDecoder::decode_utf16(std::string_view bytes, std::vector<char>& out) {
  const bool little = encoding_ == TextEncoding::kUtf16LittleEndian;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    has_half_unit_ = !has_half_unit_;
    if (has_half_unit_) {
      half_unit_ = value;
      continue;
    }
    const auto first = static_cast<std::uint32_t>(half_unit_);
    take_unit(little ? first | std::uint32_t{value} << 8 : first << 8 | value, out);
  }
}

void TextDecoder::decode(std::string_view bytes, std::vector<char>& out) {
  switch (encoding_) {
    case TextEncoding::kUtf8:
      out.insert(out.end(), bytes.begin(), bytes.end());
      return;
    case TextEncoding::kUtf16LittleEndian:
    case TextEncoding::kUtf16BigEndian:
      return decode_utf16(bytes, out);
    case TextEncoding::kLatin1:
    case TextEncoding::kWindows1252:
      break;
  }
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (is_windows_byte(value)) saw_windows_bytes_ = true;
    if (encoding_ == TextEncoding::kWindows1252 && is_windows_byte(value)) {
      append_utf8(kWindows1252[value - 0x80U], out);
    } else {
      append_utf8(value, out);
    }
  }
}

std::uint64_t encoded_size(std::string_view text, TextEncoding encoding) {
  if (encoding == TextEncoding::kUtf8) return text.size();
  const auto starts_character = [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  };
  const auto characters =
      static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), starts_character));
  if (encoding == TextEncoding::kLatin1 || encoding == TextEncoding::kWindows1252) {
    return characters;
  }
  const auto pairs =
      static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return static_cast<unsigned char>(byte) >= 0xF0;
      }));
  return 2 * (characters + pairs);
}

}  // namespace stave::loading
