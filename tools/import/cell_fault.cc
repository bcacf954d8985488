// The words of reject files.
#include "tools/import/cell_fault.h"

#include <fmt/format.h>

#include "tools/import/utf8.h"

namespace stave::loading {

const char* code_of(ParseFault fault) {
  switch (fault) {
    case ParseFault::kNone:
      return "none";
    case ParseFault::kNotNumber:
      return "not_a_number";
    case ParseFault::kOutOfRange:
      return "out_of_range";
    case ParseFault::kTooManyFractionDigits:
      return "too_many_decimals";
    case ParseFault::kTooManyDigits:
      return "too_many_digits";
    case ParseFault::kNotBool:
      return "not_a_bool";
    case ParseFault::kNotDate:
      return "not_a_date";
    case ParseFault::kNotTimestamp:
      return "not_a_timestamp";
    case ParseFault::kNotUtf8:
      return "not_utf8";
  }
  return "none";
}

std::string reason_of(ParseFault fault, const ColumnSchema& column, std::string_view cell) {
  const std::string shown = shown_cell(cell);
  const std::string type = to_string(column.type);
  switch (fault) {
    case ParseFault::kNone:
      return "";
    case ParseFault::kNotNumber:
      return fmt::format("Not a number of type {}: {}.", type, shown);
    case ParseFault::kOutOfRange:
      return fmt::format("The number is outside the range of {}: {}.", type, shown);
    case ParseFault::kTooManyFractionDigits:
      return fmt::format("More digits behind the point than {} holds: {}.", type, shown);
    case ParseFault::kTooManyDigits:
      return fmt::format("More digits than {} holds: {}.", type, shown);
    case ParseFault::kNotBool:
      return fmt::format("Neither true nor false: {}.", shown);
    case ParseFault::kNotDate:
      return fmt::format("Not a date (YYYY-MM-DD, or as --date-format says): {}.", shown);
    case ParseFault::kNotTimestamp:
      return fmt::format("Not a timestamp (YYYY-MM-DD HH:MM:SS, or as --date-format says): {}.",
                         shown);
    case ParseFault::kNotUtf8:
      return fmt::format("Not UTF-8 text: {}. Convert the file first.", shown);
  }
  return "";
}

const char* code_of(const BadRow& row) {
  if (row.fault == RowFault::kTooFewFields) return "too_few_fields";
  if (row.fault == RowFault::kTooManyFields) return "too_many_fields";
  switch (row.quote_fault) {
    case QuoteFault::kStrayQuote:
      return "stray_quote";
    case QuoteFault::kTextAfterQuote:
      return "text_after_quote";
    case QuoteFault::kNeverClosed:
      return "quote_never_closed";
  }
  return "stray_quote";
}

std::string reason_of(const BadRow& row, std::size_t expected_fields, StrayQuotes stray) {
  if (row.fault != RowFault::kBadQuotes) {
    return fmt::format("The row has {} {}, the header {}.", row.fields,
                       row.fields == 1 ? "field" : "fields", expected_fields);
  }
  const std::string advice =
      stray == StrayQuotes::kText
          ? fmt::format("No way to read its quotes gives the row the header's {} {}.",
                        expected_fields, expected_fields == 1 ? "field" : "fields")
          : "Quote the whole cell and double its quotes, or say `--stray-quotes text`.";
  switch (row.quote_fault) {
    case QuoteFault::kStrayQuote:
      return "A quote stands inside an unquoted cell. " + advice;
    case QuoteFault::kTextAfterQuote:
      return "Text follows a closing quote. " + advice;
    case QuoteFault::kNeverClosed:
      return "A quoted cell is never closed. " + advice;
  }
  return "";
}

std::string shown_cell(std::string_view cell) {
  constexpr std::size_t kMost = 60;
  std::string out = "`";
  for (const char byte : cell.substr(0, kMost)) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x20 || value == 0x7F) {
      out += fmt::format("\\x{:02x}", value);
    } else {
      out.push_back(byte);
    }
  }
  if (cell.size() > kMost) {
    // Not in the middle of a character.
    while (!out.empty() && !is_utf8(std::string_view(out).substr(1)) && is_utf8(cell)) {
      out.pop_back();
    }
    out += "...";
  }
  out += "`";
  if (is_utf8(out)) return out;
  std::string escaped;
  for (const char byte : out) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x80) {
      escaped += fmt::format("\\x{:02x}", value);
    } else {
      escaped.push_back(byte);
    }
  }
  return escaped;
}

}  // namespace stave::loading
