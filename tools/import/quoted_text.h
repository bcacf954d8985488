// CSV text whose quotes are not where they belong, read by a state machine: the meaning of quotes
// that everything else must agree with.
//
// A field is quoted when its first byte is the quote; it ends at the next quote that is not
// doubled, and only a separator or line end may follow. A quote anywhere else makes its row faulty.
// A faulty row ends at its first line end, so that one stray quote costs one line and never the
// rest of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/import/structure.h"

namespace stave::loading {

enum class QuoteFault : std::uint8_t {
  kStrayQuote,      // in a field that does not begin with one
  kTextAfterQuote,  // behind the closing quote
  kNeverClosed,
};

struct FaultyRow {
  std::uint32_t row = 0;  // index in Structure::row_ends
  std::uint32_t offset = 0;
  QuoteFault fault = QuoteFault::kStrayQuote;
};

// A quoted field longer than this is taken as never closed.
inline constexpr std::size_t kMaxRowBytes = std::size_t{64} << 20;

// Reads complete rows; text that does not end with a row end is taken to end there. Positions of
// faulty rows are only their row ends.
void find_quoted_structure(const char* text, std::size_t size, Dialect dialect, Structure& out,
                           std::vector<FaultyRow>& faults);

// The offset after the last row that more text could not change; 0: none yet.
std::size_t find_quoted_row_border(const char* text, std::size_t size, Dialect dialect);

struct SplitRow {
  bool complete = false;  // false: more text is needed
  bool faulty = false;
  std::vector<std::string> fields;  // without quotes
  std::size_t next = 0;             // where the next row begins
};

// The first row of a text; for headers. `at_end`: no more text will come.
SplitRow split_first_row(const char* text, std::size_t size, Dialect dialect, bool at_end);

}  // namespace stave::loading
