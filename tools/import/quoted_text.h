// The structure of text that the bit masks cannot read, row by row with the state machine of
// row_scanner.h: quotes out of their places, and dialects that have no masks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/import/row_scanner.h"
#include "tools/import/structure.h"

namespace stave::loading {

struct FaultyRow {
  std::uint32_t row = 0;  // index in Structure::row_ends
  std::uint32_t offset = 0;
  QuoteFault fault = QuoteFault::kStrayQuote;
};

// Reads complete rows; text that does not end with a row end is taken to end there. Positions of
// faulty rows and of comments are only their row ends.
void find_quoted_structure(const char* text, std::size_t size, const Dialect& dialect,
                           Structure& out, std::vector<FaultyRow>& faults);

// The offset after the last row that more text could not change; 0: none yet.
std::size_t find_quoted_row_border(const char* text, std::size_t size, const Dialect& dialect);

struct SplitRow {
  bool complete = false;  // false: more text is needed
  bool faulty = false;
  std::vector<std::string> fields;  // without quotes
  std::size_t next = 0;             // where the next row begins
};

// The first row of a text; for headers. `at_end`: no more text will come.
SplitRow split_first_row(const char* text, std::size_t size, const Dialect& dialect, bool at_end);

}  // namespace stave::loading
