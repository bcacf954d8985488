// What is as most files have it is left out, but for encoding, separator and quote.
#include "tools/cli/dump_format_text.h"

#include <fmt/format.h>

#include <string_view>

namespace stave::cli {
namespace {

std::string visible(std::string_view text) {
  if (text == "\t") {
    return "tab";
  }
  if (text == " ") {
    return "space";
  }
  std::string out;
  for (const char byte : text) {
    const auto value = static_cast<unsigned char>(byte);
    out += value < 0x20 || value == 0x7F ? fmt::format("\\x{:02x}", value) : std::string(1, byte);
  }
  return text.find(' ') == std::string_view::npos ? out : "\"" + out + "\"";
}

std::string quote_text(char quote) {
  return quote == '\0' ? "none" : std::string(1, quote);
}

}  // namespace

std::string dump_format_text(const DumpFormat& format) {
  if (*format.format == InputFormat::kParquet) {
    return "Parquet";
  }
  std::string text = name_of(*format.encoding);
  if (*format.format == InputFormat::kJsonLines) {
    return text + ", JSON";
  }
  text += ", separator " + visible(*format.separator) + ", quote " + quote_text(*format.quote);
  if (*format.escape != QuoteEscape::kDoubled) {
    text += fmt::format(", escape {}", name_of(*format.escape));
  }
  if (*format.blanks_around_quotes) {
    text += ", blanks around quotes";
  }
  if (*format.line_end != LineEnd::kNewline) {
    text += fmt::format(", line end {}", name_of(*format.line_end));
  }
  if (*format.comment != '\0') {
    text += ", comment " + std::string(1, *format.comment);
  }
  if (!*format.header) {
    text += ", no header";
  } else if (format.header_rows > 1) {
    text += fmt::format(", header of {} rows", format.header_rows);
  }
  if (format.skip_lines > 0) {
    text += fmt::format(", {} lines passed over", format.skip_lines);
  }
  if (format.spare_separators > 0) {
    text += fmt::format(", {} separators at the end of rows passed over", format.spare_separators);
  }
  if (format.header_echoes > 0) {
    text += fmt::format(", {} rows that repeat or underline the header passed over",
                        format.header_echoes);
  }
  if (format.empty_rows > 0) {
    text += fmt::format(", {} rows of separators alone passed over", format.empty_rows);
  }
  if (format.row_counts > 0) {
    text += fmt::format(", {} lines that count the rows passed over", format.row_counts);
  }
  if (format.ragged == RaggedRows::kFill) {
    text += ", short rows filled";
  }
  if (format.stray_quotes == StrayQuotes::kText) {
    text += ", stray quotes are text";
  }
  return text;
}

}  // namespace stave::cli
