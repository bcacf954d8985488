// Headers that are written otherwise than the rows below them: with another separator, as a
// comment, or as the line by which a log says what its fields are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dialect.h"
#include "tools/import/sampled_rows.h"

namespace stave::loading {

struct OtherHeader {
  std::size_t begin = 0;  // of its line in the sample
  std::size_t next = 0;   // behind its line end
  std::vector<std::string> names;
  std::size_t row = 0;  // the first behind it, of the rows sampled
};

// Logs in the extended format of the W3C, as IIS, CloudFront and Exchange write them, and those of
// Zeek begin with comments, one of which is `#Fields: date time ...` or `#fields`.
// What separates the cells of such a log: at least half of the first rows have as many as the line
// has names, or there are none. No separator: the text is no such log.
std::optional<std::string> separator_of_log(std::string_view sample,
                                            const std::optional<std::string>& given);
// That line; its names have the separator of the rows between them, or blanks where the rows have
// those or tabs.
std::optional<OtherHeader> fields_line(std::string_view sample, const Dialect& dialect);

// The line before the first row of the usual width, where with another separator, or without the
// comment's sign, it has a name for each column. Three at least where blanks stand between them:
// titles have words too. With the rows' own separator in it a line is a row, and so it is behind
// such a row, or behind more lines than titles have.
std::optional<OtherHeader> header_before_rows(std::string_view sample, const SampledRows& rows,
                                              const Dialect& dialect);

}  // namespace stave::loading
