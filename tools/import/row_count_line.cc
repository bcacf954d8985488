// See row_count_line.h.
#include "tools/import/row_count_line.h"

#include <charconv>
#include <system_error>

#include "tools/import/blanks.h"

namespace stave::loading {

std::optional<std::uint64_t> row_count_in(std::string_view line) {
  line = without_blanks(line);
  if (!line.starts_with('(') || !line.ends_with(')')) return std::nullopt;
  line = line.substr(1, line.size() - 2);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), count);
  if (error != std::errc()) return std::nullopt;
  const std::string_view words = line.substr(static_cast<std::size_t>(end - line.data()));
  const bool counts_rows =
      words == " row" || words == " rows" || words == " row affected" || words == " rows affected";
  return counts_rows ? std::optional(count) : std::nullopt;
}

}  // namespace stave::loading
