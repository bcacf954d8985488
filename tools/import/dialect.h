// How the rows and cells of one file are written: the part of a DumpFormat that scanners and
// parsers need, with everything decided. What the words mean is defined by row_scanner.h.
#pragma once

#include <string>
#include <string_view>

#include "stave/dump_format.h"
#include "stave/result.h"

namespace stave::loading {

struct Dialect {
  std::string separator = ",";
  char quote = '"';  // '\0': none
  QuoteEscape escape = QuoteEscape::kDoubled;
  LineEnd line_end = LineEnd::kAny;
  char comment = '\0';  // '\0': none
  // Blanks between a quote and its separator or line end are passed over.
  bool blanks_around_quotes = false;

  bool has_quote() const { return quote != '\0'; }
  bool is_quote(char byte) const { return has_quote() && byte == quote; }
  bool has_backslash() const { return escape != QuoteEscape::kDoubled; }
  // A line feed behind a carriage return belongs to it.
  bool joins_returns() const {
    return line_end == LineEnd::kAny || line_end == LineEnd::kNewline ||
           line_end == LineEnd::kCarriageReturnLineFeed;
  }
  // Whether the bit masks of structure.h can read whatever is written so.
  bool has_masks() const { return !has_backslash() && has_masks_without_escapes(); }
  // And this text: in most nothing is escaped.
  bool has_masks_for(std::string_view text) const {
    return has_masks_without_escapes() &&
           (!has_backslash() || text.find('\\') == std::string_view::npos);
  }
  // Whether a carriage return alone ends a row.
  bool has_lone_returns() const {
    return line_end == LineEnd::kAny || line_end == LineEnd::kCarriageReturn;
  }
  bool operator==(const Dialect&) const = default;

 private:
  bool has_masks_without_escapes() const {
    return separator.size() == 1 && (line_end == LineEnd::kAny || line_end == LineEnd::kNewline) &&
           comment == '\0' && !blanks_around_quotes;
  }
};

// Says in `format` what the dialect is.
void describe(const Dialect& dialect, DumpFormat& format);

// Refuses what no text could be read by, such as one byte with two meanings.
Result<void> check_format(const DumpFormat& format);

}  // namespace stave::loading
