// Checks of what the user set; what is found out from files never breaks these rules.
#include "tools/import/dialect.h"

#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

bool is_line_end(char byte) {
  return byte == '\n' || byte == '\r';
}

Failure wrong(const char* sentence) {
  return fail(ErrorCode::kInvalidArgument, sentence);
}

}  // namespace

void describe(const Dialect& dialect, DumpFormat& format) {
  format.separator = dialect.separator;
  format.quote = dialect.quote;
  format.escape = dialect.escape;
  format.blanks_around_quotes = dialect.blanks_around_quotes;
  format.line_end = dialect.line_end;
  format.comment = dialect.comment;
}

Result<void> check_format(const DumpFormat& format) {
  const std::string separator = format.separator.value_or("\t");
  const char quote = format.quote.value_or('\0');
  const char comment = format.comment.value_or('\0');
  const auto in_separator = [&](char byte) {
    return byte != '\0' && separator.find(byte) != std::string::npos;
  };
  if (separator.empty() || in_separator('\n') || in_separator('\r') || !is_utf8(separator)) {
    return wrong("A separator is one or more characters, none of them a line end.");
  }
  if (in_separator(quote) || in_separator(comment) || (quote != '\0' && quote == comment)) {
    return wrong("Separator, quote and comment must differ.");
  }
  if (is_line_end(quote) || is_line_end(comment)) {
    return wrong("Neither the quote nor the comment may be a line end.");
  }
  if (static_cast<unsigned char>(quote) >= 0x80 || static_cast<unsigned char>(comment) >= 0x80) {
    return wrong("The quote and the comment are ASCII characters.");
  }
  if (format.escape && *format.escape != QuoteEscape::kDoubled &&
      (in_separator('\\') || quote == '\\' || comment == '\\')) {
    return wrong("A backslash cannot escape and separate, quote or comment at once.");
  }
  constexpr std::uint64_t kMostHeaderRows = 99;
  if (format.header_rows < 1 || format.header_rows > kMostHeaderRows) {
    return wrong("A header has 1 to 99 rows.");
  }
  return {};
}

}  // namespace stave::loading
