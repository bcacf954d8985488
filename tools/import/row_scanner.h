// The state machine that reads one row of CSV text in any dialect: the meaning of separators,
// quotes, escapes, comments and line ends that everything else must agree with.
//
// A cell is quoted when its first byte is the quote; it ends at the next quote that is neither
// doubled nor behind a backslash, and only a separator or line end may follow. A quote anywhere
// else makes its row faulty. A faulty row ends at its first line end, so that one stray quote costs
// one line and never the rest of the file. Where backslashes escape, the byte behind one is text,
// in quotes and without.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/import/dialect.h"

namespace stave::loading {

enum class QuoteFault : std::uint8_t {
  kStrayQuote,      // in a cell that does not begin with one
  kTextAfterQuote,  // behind the closing quote
  kNeverClosed,
};

// A quoted cell longer than this is taken as never closed.
inline constexpr std::size_t kMaxRowBytes = std::size_t{64} << 20;

struct ScannedRow {
  bool complete = false;  // false: more text is needed, and nothing else is known
  bool faulty = false;
  bool comment = false;
  QuoteFault fault = QuoteFault::kStrayQuote;
  std::size_t fault_at = 0;
  std::size_t end = 0;   // of its last cell
  std::size_t next = 0;  // where the next row begins
};

class RowScanner {
 public:
  // Text and dialect must outlive the scanner.
  RowScanner(const char* text, std::size_t size, const Dialect& dialect);

  // `at_end`: no more text will come. `separators` gets the offsets of the row's separators.
  ScannedRow scan(std::size_t begin, bool at_end, std::vector<std::uint32_t>& separators) const;

 private:
  bool is_separator(std::size_t at) const;
  std::size_t line_end_size(std::size_t at) const;
  bool needs_more(std::size_t at, bool at_end) const;
  std::size_t after_blanks(std::size_t at) const;
  std::size_t after_quoted_cell(std::size_t opening) const;
  std::size_t after_plain_cell(std::size_t at) const;
  std::size_t after_escaped(std::size_t backslash) const;
  ScannedRow end_row(ScannedRow row, std::size_t at, bool at_end) const;
  ScannedRow whole_line(std::size_t begin, bool at_end) const;

  const char* text_;
  std::size_t size_;
  const Dialect& dialect_;
  std::array<bool, 256> special_{};  // bytes that can end a plain cell, and the backslash
};

}  // namespace stave::loading
