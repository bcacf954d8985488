// Strings are told from structure by their quotes; everything else is counting brackets. Commas may
// stand between objects outside of an array too, and arrays one behind the other.
#include "tools/import/json/json_rows.h"

#include "tools/import/json/json_blanks.h"

#include <cstring>

namespace stave::loading {

namespace {

// The offset behind the string whose opening quote stands before `at`, or the end of the text.
std::size_t after_string(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == '\\') {
      at += 2;
    } else if (text[at++] == '"') {
      return at;
    }
  }
  return text.size();
}

}  // namespace

void find_object_ends(std::string_view text, std::vector<std::uint32_t>& ends, bool& closed) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    switch (text[at++]) {
      case '"':
        at = after_string(text, at);
        break;
      case '[':
        if (depth == 0 && closed) {
          closed = false;
          break;
        }
        ++depth;
        break;
      case '{':
        ++depth;
        break;
      case '}':
        if (depth > 0) --depth;
        if (depth == 0) ends.push_back(static_cast<std::uint32_t>(at));
        break;
      case ']':
        if (depth == 0) {
          closed = true;
        } else {
          --depth;
        }
        break;
      default:
        break;
    }
  }
}

std::size_t JsonRows::end_of_row() {
  if (layout_ == JsonLayout::kLines) {
    const void* end = std::memchr(text_.data() + at_, '\n', text_.size() - at_);
    if (end == nullptr) return text_.size();
    return static_cast<std::size_t>(static_cast<const char*>(end) - text_.data()) + 1;
  }
  return next_end_ < ends_.size() ? ends_[next_end_++] : text_.size();
}

bool JsonRows::next(Span& row) {
  while (at_ < text_.size()) {
    std::size_t begin = at_;
    std::size_t end = end_of_row();
    at_ = end;
    const auto pass_blanks = [&] {
      while (begin < end && is_json_blank(text_[begin])) ++begin;
    };
    const auto pass = [&](char mark) {
      if (begin == end || text_[begin] != mark) return false;
      ++begin;
      pass_blanks();
      return true;
    };
    pass_blanks();
    // Behind an array that ended, another begins.
    const auto pass_border = [&] {
      const std::size_t first = begin;
      if (pass(']')) {
        pass(',');
        if (pass('[')) return true;
      }
      begin = first;
      return false;
    };
    while (layout_ == JsonLayout::kArray && pass_border()) {
    }
    if (layout_ != JsonLayout::kLines) pass(',');
    while (end > begin && is_json_blank(text_[end - 1])) --end;
    if (layout_ == JsonLayout::kLines && text_.substr(begin, end - begin).ends_with("},")) --end;
    const bool is_end_of_array =
        layout_ == JsonLayout::kArray && text_.substr(begin, end - begin) == "]";
    if (begin == end || is_end_of_array) continue;
    row = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    return true;
  }
  return false;
}

}  // namespace stave::loading
