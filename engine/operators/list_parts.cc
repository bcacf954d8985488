// See list_parts.h. Only what JSON allows inside an array of scalars.
#include "engine/operators/list_parts.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace stave {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

void append_utf8(std::uint32_t point, std::string& out) {
  const auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

// Takes four hexadecimal digits off the front.
bool take_hex(std::string_view& text, std::uint32_t& value) {
  if (text.size() < 4) {
    return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  text.remove_prefix(4);
  return error == std::errc() && end == text.data();
}

}  // namespace

bool ListParts::skip(char expected) {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  if (rest_.empty() || rest_.front() != expected) {
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

bool ListParts::read_unicode() {
  std::uint32_t point = 0;
  if (!take_hex(rest_, point)) {
    return false;
  }
  if (point >= 0xD800 && point < 0xDC00 && rest_.starts_with("\\u")) {  // a surrogate pair
    rest_.remove_prefix(2);
    std::uint32_t low = 0;
    if (!take_hex(rest_, low) || low < 0xDC00 || low > 0xDFFF) {
      return false;
    }
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(point, part_);
  return true;
}

bool ListParts::read_escape() {
  if (rest_.empty()) {
    return false;
  }
  const char escape = rest_.front();
  rest_.remove_prefix(1);
  if (escape == 'u') {
    return read_unicode();
  }
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t place = kEscapes.find(escape);
  if (place == std::string_view::npos) {
    return false;
  }
  part_.push_back(kMeanings[place]);
  return true;
}

bool ListParts::read_string() {
  for (;;) {
    const std::size_t plain = std::min(rest_.find_first_of("\"\\"), rest_.size());
    part_.append(rest_.substr(0, plain));
    rest_.remove_prefix(plain);
    if (rest_.empty()) {
      return false;
    }
    const char border = rest_.front();
    rest_.remove_prefix(1);
    if (border == '"') {
      return true;
    }
    if (!read_escape()) {
      return false;
    }
  }
}

Result<std::optional<std::string_view>> ListParts::next() {
  part_.clear();
  const bool opened = started_ || skip('[');
  bool good = opened;
  if (good && skip(']')) {
    return std::nullopt;
  }
  if (good && started_) {
    good = skip(',');
  }
  started_ = true;
  if (good && skip('"')) {
    good = read_string();
  } else if (good) {
    part_ = rest_.substr(0, rest_.find_first_of(",] \t\r\n"));
    rest_.remove_prefix(part_.size());
    good = !part_.empty() && !rest_.empty();
  }
  if (!good) {
    return fail(ErrorCode::kInternal, "A list is not the text of a JSON array.");
  }
  return std::string_view(part_);
}

}  // namespace stave
