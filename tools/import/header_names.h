// The names that a file's header gives: of one row or several, and where they have to do with rows
// of another width.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dialect.h"
#include "tools/import/sampled_rows.h"

namespace stave::loading {

struct HeaderNames {
  bool complete = true;  // false: more text is needed
  bool faulty = false;   // its quotes are out of place
  std::vector<std::string> names;
  std::size_t next = 0;  // where the row behind it begins
};

// `text` begins with the header, blank lines and comments passed over. `width`: how many cells rows
// have, for stray quotes that are text.
HeaderNames read_header(std::string_view text, bool at_end, const Dialect& dialect,
                        const DumpFormat& format, std::size_t width);

// What programs put around names is no part of them: backquotes or brackets around all, blanks that
// are no ASCII, byte order marks, and where `may_be_comment` says so of the first a # before it.
void take_marks_off(std::vector<std::string>& names,
                    const std::function<bool(const std::string&)>& may_be_comment);

// Where ragged rows are filled: rows that are wider than the header have columns without name
// behind the others. `first`: the first of the rows behind the header.
void widen_names(const SampledRows& rows, std::size_t first, std::vector<std::string>& names);
// Names that are empty go where they are as many as every row lacks.
void drop_names_that_rows_lack(const SampledRows& rows, std::size_t first,
                               std::vector<std::string>& names);

// Rows may have names, for which the header has none, as R writes them: in quotes, none twice.
bool may_have_row_names(const SampledRows& rows, std::size_t first);
// And they have: each has one cell more than the header, which is in quotes too, and something
// stands in half of the last ones at least.
bool has_row_names(const SampledRows& rows, std::size_t first, std::size_t names);

// Whether the row behind a header draws a line of hyphens under each name, as long at least.
bool underlines(const std::vector<std::string>& cells, const std::vector<std::string>& names);

// Whether the first cells count the rows.
bool is_index(const SampledRows& rows, std::size_t first);

}  // namespace stave::loading
