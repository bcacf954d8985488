// How the text of a dump is written. What is not set is found out from the content of each file;
// `stave import --dry-run` shows what was found. Rules: docs/import.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stave {

enum class InputFormat : std::uint8_t { kCsv, kJsonLines, kParquet };
enum class TextEncoding : std::uint8_t {
  kUtf8,
  kUtf16LittleEndian,
  kUtf16BigEndian,
  kLatin1,
  kWindows1252,
};
enum class LineEnd : std::uint8_t {
  kAny,      // all three, also mixed
  kNewline,  // LF and CRLF, also mixed; a carriage return alone is text
  kLineFeed,
  kCarriageReturnLineFeed,
  kCarriageReturn,
};

// As options and summaries call them.
const char* name_of(InputFormat format);
const char* name_of(TextEncoding encoding);
const char* name_of(LineEnd line_end);

// How a quote stands inside a quoted cell: "" or \". kLetters: behind a backslash letters mean what
// they do in C too, as databases write text (\t, \n), and an unquoted \N is null.
enum class QuoteEscape : std::uint8_t { kDoubled, kBackslash, kLetters };
const char* name_of(QuoteEscape escape);
// Rows with too few or too many cells: rejected, or short ones filled with nulls and the empty
// cells at the end of long ones left out (a cell with text that has no column rejects its row).
enum class RaggedRows : std::uint8_t { kReject, kFill };
// Rows with quotes out of place: rejected, or read so that they have as many cells as the table
// has columns, with those quotes as text (rejected where they cannot have).
enum class StrayQuotes : std::uint8_t { kReject, kText };

struct DumpFormat {
  std::optional<InputFormat> format;
  std::optional<TextEncoding> encoding;
  std::optional<std::string> separator;  // one or more bytes of UTF-8
  std::optional<char> quote;             // '\0': cells are never quoted
  std::optional<QuoteEscape> escape;
  std::optional<bool> blanks_around_quotes;  // are passed over; else a quote behind one is stray
  std::optional<LineEnd> line_end;
  std::optional<char> comment;  // begins lines to be passed over; '\0': none
  std::optional<bool> header;
  std::uint64_t header_rows = 1;  // of a header: the names of a column, with blanks between them
  std::vector<std::string>
      column_names;                    // of files without a header; empty: column_1, column_2 ...
  std::uint64_t skip_lines = 0;        // before the header or first row
  std::uint64_t spare_separators = 0;  // found: at the end of rows, which the header lacks
  std::uint64_t header_echoes = 0;     // found: rows that say the header once more or underline it
  std::uint64_t empty_rows = 0;        // found, where ragged rows are filled: of separators alone
  std::uint64_t row_counts = 0;        // found: lines that say how many rows stand before them
  std::optional<RaggedRows> ragged;    // none: kReject
  std::optional<StrayQuotes> stray_quotes;  // none: kReject
};

// How values are spelt, for all files of a load.
struct ValueFormat {
  // "": ISO 8601 only; "mdy", "dmy", "ymd": order of dates with slashes, dots or hyphens; else a
  // pattern of %Y %y %m %b %B %d %H %I %M %S %f %p %z %Z and literal text, as of strptime.
  std::string date_format;
  std::string time_zone;                    // IANA; of times without offset; "": the store's
  std::vector<std::string> null_spellings;  // unquoted cells that are null beside the empty one
  std::optional<char> thousands_separator;  // in numbers; '\0': none, as where it is not said
  std::optional<char> decimal_mark;         // '.' where it is not said
  bool as_text = false;                     // columns that the load makes are texts, as written
};

}  // namespace stave
