// Where the fields and rows of a piece of CSV text lie: positions of separators and line ends
// outside quotes, found with SIMD bit masks, of dialects that have such (Dialect::has_masks).
// Invariant: where `well_quoted` is true the positions are exactly those that the state machine of
// row_scanner.h finds; where it is false they mean nothing and that state machine must be used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/import/dialect.h"

namespace stave::loading {

// Every text buffer handed to the import's scanners and parsers has this many readable bytes after
// its end.
inline constexpr std::size_t kTextPadding = 64;

// `positions` are offsets of separators and row ends; `row_ends` are the indexes in `positions` of
// the row ends. A row ends at LF, at CRLF (the position is the LF's) or at a CR without LF.
// Both vectors only grow, so that memory is touched once; the counts say how much is in use.
struct Structure {
  std::vector<std::uint32_t> positions;
  std::vector<std::uint32_t> row_ends;
  std::size_t position_count = 0;
  std::size_t row_count = 0;
  std::uint64_t line_ends = 0;  // inside quotes too: lines as an editor counts them
  // Quotes only around whole fields, and all of them closed; and no carriage return alone where
  // that is text.
  bool well_quoted = true;
  bool ascii = true;
  bool any_return = true;  // false: the text has no carriage return

  void clear();
  // Room for one more block of 64 bytes.
  void reserve_block() {
    if (position_count + kMostInBlock > positions.size() ||
        row_count + kMostInBlock > row_ends.size()) [[unlikely]] {
      grow();
    }
  }

 private:
  static constexpr std::size_t kMostInBlock = 72;
  void grow();
};

// What cutting text into chunks needs to know of it.
struct RowBorder {
  bool well_quoted = true;       // so far as the text goes
  std::size_t last_row_end = 0;  // offset after the last complete row; 0: none
};

void find_structure(const char* text, std::size_t size, const Dialect& dialect, Structure& out);
RowBorder find_row_border(const char* text, std::size_t size, const Dialect& dialect);

// The same, byte by byte: the reference that the masks are tested against.
void find_structure_scalar(const char* text, std::size_t size, const Dialect& dialect,
                           Structure& out);
RowBorder find_row_border_scalar(const char* text, std::size_t size, const Dialect& dialect);

}  // namespace stave::loading
