// The last line that programs write behind the rows of a result: `(12 rows)` of psql, `(12 rows
// affected)` of sqlcmd.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stave::loading {

// How many rows the line says there are; none of another line.
std::optional<std::uint64_t> row_count_in(std::string_view line);

}  // namespace stave::loading
