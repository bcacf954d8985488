// Groups have three digits; before the last one two as well, as in 12,34,567.
#include "tools/import/number_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "tools/import/structure.h"

namespace stave::loading {

namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool can_be_mark(char byte) {
  const bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return !is_digit(byte) && !is_letter && byte != '+' && byte != '-' && byte != '\n' &&
         byte != '\r' && byte != '"';
}

struct Spelling {
  std::string_view mark;
  char plain;
};

// No-break, thin, narrow and figure spaces, and the apostrophe of typesetters: spreadsheets of many
// countries write these where people type a blank or '.
constexpr std::array kSpellings{Spelling{"\xC2\xA0", ' '}, Spelling{"\xE2\x80\x89", ' '},
                                Spelling{"\xE2\x80\xAF", ' '}, Spelling{"\xE2\x80\x87", ' '},
                                Spelling{"\xE2\x80\x99", '\''}};

// Digits and separators before the decimal mark.
bool is_grouped(std::string_view digits, char separator) {
  std::size_t begin = 0;
  bool is_first = true;
  while (true) {
    const std::size_t end = digits.find(separator, begin);
    const bool is_last = end == std::string_view::npos;
    const std::size_t size = (is_last ? digits.size() : end) - begin;
    if (is_first ? size < 1 || size > 3 : size != 3 && (is_last || size != 2)) return false;
    if (is_last) return true;
    is_first = false;
    begin = end + 1;
  }
}

}  // namespace

Result<NumberMarks> NumberMarks::find(char thousands, char decimal_mark) {
  NumberMarks marks;
  marks.thousands_ = thousands;
  marks.decimal_mark_ = decimal_mark;
  if (!can_be_mark(decimal_mark) || (thousands != '\0' && !can_be_mark(thousands)) ||
      thousands == decimal_mark) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("Numbers cannot be read with these marks: `{}` between thousands, `{}` "
                            "before decimals. Choose two that differ, and no digit, letter, sign "
                            "or quote.",
                            thousands == '\0' ? ' ' : thousands, decimal_mark));
  }
  return marks;
}

std::string_view NumberMarks::plain(std::string_view text) {
  if (are_plain()) return text;
  text = with_plain_mark(text);
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t mark = std::min(text.find(decimal_mark_, sign), text.size());
  const std::string_view whole = text.substr(sign, mark - sign);
  const bool separated = thousands_ != '\0' && whole.find(thousands_) != std::string_view::npos;
  room_.clear();
  if (separated && !is_grouped(whole, thousands_)) return padded(0);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (separated && byte == thousands_ && at < mark) continue;
    // What stands for a point elsewhere means nothing here.
    if (at != mark && !is_digit(byte) && (byte | 0x20) != 'e' && byte != '+' && byte != '-') {
      return padded(0);
    }
    room_.push_back(at == mark ? '.' : byte);
  }
  return padded(room_.size());
}

std::string_view NumberMarks::with_plain_mark(std::string_view text) {
  if (thousands_ != ' ' && thousands_ != '\'') return text;
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return text;
  respelt_.clear();
  while (!text.empty()) {
    const auto spelling =
        std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& other) {
          return other.plain == thousands_ && text.starts_with(other.mark);
        });
    const bool found = spelling != kSpellings.end();
    respelt_.push_back(found ? thousands_ : text.front());
    text.remove_prefix(found ? spelling->mark.size() : 1);
  }
  return respelt_;
}

std::string_view NumberMarks::padded(std::size_t size) {
  room_.resize(size);
  room_.append(kTextPadding, '\0');
  return std::string_view(room_).substr(0, size);
}

}  // namespace stave::loading
