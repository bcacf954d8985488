// The text of a cell as it is meant: without quotes, without escapes.
#pragma once

#include <string>
#include <string_view>

#include "tools/import/dialect.h"

namespace stave::loading {

// A cell's text. It is null where it is empty and stood without quotes.
struct CellText {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool quoted = false;

  bool empty() const { return begin == end; }
  bool is_null() const { return begin == end && !quoted; }
  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

// Takes quotes off, and the blanks around them where the dialect has such. Escapes stay.
CellText take_quotes_off(CellText cell, const Dialect& dialect);

// Whether unescape() would change anything.
bool has_escapes(const CellText& cell, const Dialect& dialect);

// Writes the cell without escapes and gives the end of what was written: never more than the cell
// has. A backslash only escapes what would otherwise mean something (quote, separator, line end,
// comment and the backslash); before anything else it is text, unless letters have a meaning.
char* unescape(const CellText& cell, const Dialect& dialect, char* to);

// All of it at once.
std::string plain_text(std::string_view cell, const Dialect& dialect);

}  // namespace stave::loading
