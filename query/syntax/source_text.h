// A program's text and places in it, perhaps with a prelude from elsewhere before it. Offsets are
// bytes; lines and columns, from 1, are for people, columns counting characters. Invariant: spans
// lie within the text; any bytes are a valid text.
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

struct Prelude {
  std::string text;
  std::string origin;
};

class SourceText {
 public:
  SourceText(std::string_view text, std::string origin, Prelude prelude = {});

  // The prelude's text, then the program's.
  const std::string& text() const { return text_; }
  // Where the program's own text begins.
  std::uint32_t program_begin() const { return program_begin_; }
  // The program's; of the text at `offset`.
  const std::string& origin() const { return origin_; }
  const std::string& origin_at(std::uint32_t offset) const;
  std::string_view slice(Span span) const;
  // Lines are counted within prelude and program.
  Place place(std::uint32_t offset) const;
  // The line around `offset`, without its line end.
  std::string_view line_at(std::uint32_t offset) const;

 private:
  std::size_t line_index(std::uint32_t offset) const;

  std::string text_;
  std::string origin_;
  std::string prelude_origin_;
  std::uint32_t program_begin_ = 0;
  std::vector<std::uint32_t> line_begins_;
};

// Length of the well-formed UTF-8 character at `at`, or 0 where the bytes are not one.
std::size_t utf8_length(std::string_view text, std::size_t at);
// Characters in `text`; a stray byte counts as one.
std::size_t count_characters(std::string_view text);

}  // namespace stave
