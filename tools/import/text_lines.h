// Lines as an editor counts them, whatever the dialect.
#pragma once

#include <cstdint>
#include <string_view>

namespace stave::loading {

// LF, CRLF and CR without LF each end a line.
inline std::uint64_t count_line_ends(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'))) {
      ++count;
    }
  }
  return count;
}

}  // namespace stave::loading
