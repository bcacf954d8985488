// See cell_text.h.
#include "tools/import/cell_text.h"

#include <cstring>

#include "tools/import/blanks.h"

namespace stave::loading {

namespace {

// What a letter behind a backslash stands for; any other character stands for itself.
char meant_by(char letter) {
  constexpr std::string_view kLetters = "0bfnrtv";
  constexpr std::string_view kMeant("\0\b\f\n\r\t\v", 7);
  const std::size_t found = kLetters.find(letter);
  return found == std::string_view::npos ? letter : kMeant[found];
}

bool is_escapable(const char* at, const char* end, const Dialect& dialect) {
  if (dialect.escape == QuoteEscape::kLetters) return true;
  if (*at == '\\' || *at == '\n' || *at == '\r' || dialect.is_quote(*at)) return true;
  if (dialect.comment != '\0' && *at == dialect.comment) return true;
  const std::string& separator = dialect.separator;
  return static_cast<std::size_t>(end - at) >= separator.size() &&
         std::memcmp(at, separator.data(), separator.size()) == 0;
}

}  // namespace

CellText take_quotes_off(CellText cell, const Dialect& dialect) {
  CellText inner = cell;
  if (dialect.blanks_around_quotes) {
    while (inner.begin < inner.end && is_blank(*inner.begin)) ++inner.begin;
    while (inner.begin < inner.end && is_blank(inner.end[-1])) --inner.end;
  }
  // One that does not close stands in a line with stray quotes, where it is text.
  if (inner.end - inner.begin < 2 || !dialect.is_quote(*inner.begin) ||
      !dialect.is_quote(inner.end[-1])) {
    return cell;
  }
  return {inner.begin + 1, inner.end - 1, true};
}

bool has_escapes(const CellText& cell, const Dialect& dialect) {
  const std::size_t size = cell.view().size();
  if (size == 0) return false;
  return (cell.quoted && std::memchr(cell.begin, dialect.quote, size) != nullptr) ||
         (dialect.has_backslash() && std::memchr(cell.begin, '\\', size) != nullptr);
}

char* unescape(const CellText& cell, const Dialect& dialect, char* to) {
  const char* at = cell.begin;
  while (at < cell.end) {
    if (dialect.has_backslash() && *at == '\\' && at + 1 < cell.end &&
        is_escapable(at + 1, cell.end, dialect)) {
      ++at;
      *to++ = dialect.escape == QuoteEscape::kLetters ? meant_by(*at) : *at;
      ++at;
    } else {
      const bool doubled = cell.quoted && *at == dialect.quote && at + 1 < cell.end && at[1] == *at;
      *to++ = *at;
      at += doubled ? 2 : 1;
    }
  }
  return to;
}

std::string plain_text(std::string_view cell, const Dialect& dialect) {
  const CellText inner = take_quotes_off({cell.data(), cell.data() + cell.size(), false}, dialect);
  std::string text(inner.view().size(), '\0');
  text.resize(static_cast<std::size_t>(unescape(inner, dialect, text.data()) - text.data()));
  return text;
}

}  // namespace stave::loading
