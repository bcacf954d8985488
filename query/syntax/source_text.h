// A program's text and places in it. Offsets are bytes; lines and columns, from 1, are for people,
// columns counting characters.
// Invariant: spans lie within the text; any bytes are a valid text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stave {

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

inline Span cover(Span first, Span last) {
  return {first.begin < last.begin ? first.begin : last.begin,
          first.end > last.end ? first.end : last.end};
}

struct Place {
  int line = 1;
  int column = 1;
};

class SourceText {
 public:
  SourceText(std::string text, std::string origin);

  const std::string& text() const { return text_; }
  const std::string& origin() const { return origin_; }
  std::string_view slice(Span span) const;
  Place place(std::uint32_t offset) const;
  // Without its line end; empty beyond the last.
  std::string_view line(int number) const;
  std::uint32_t line_begin(int number) const;

 private:
  std::string text_;
  std::string origin_;
  std::vector<std::uint32_t> line_begins_;
};

// Length of the well-formed UTF-8 character at `at`, or 0 where the bytes are not one.
std::size_t utf8_length(std::string_view text, std::size_t at);
// Characters in `text`; a stray byte counts as one.
std::size_t count_characters(std::string_view text);

}  // namespace stave
