// Reads a line whose quotes are out of place: where they were left undoubled, never closed, or are
// text. Of all ways to take its cells for quoted or plain it is the one that gives as many cells as
// the table has columns and leaves the fewest quotes unexplained. A line of which no reading has
// that many cells has none.
// Invariant: the reading depends on the line alone, so where chunks end changes nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dialect.h"

namespace stave::loading {

// The offsets in the line (without its line end) of the separators between `cells` cells. A cell
// that begins and ends with a quote is quoted, single quotes within are text; any other cell is
// plain, with all its quotes.
std::optional<std::vector<std::size_t>> read_stray_line(std::string_view line,
                                                        const Dialect& dialect, std::size_t cells);

// The texts of its cells.
std::optional<std::vector<std::string>> cells_of_stray_line(std::string_view line,
                                                            const Dialect& dialect,
                                                            std::size_t cells);

// The cells between all its separators, whatever quotes say.
std::vector<std::string> cells_between_separators(std::string_view line, const Dialect& dialect);

}  // namespace stave::loading
