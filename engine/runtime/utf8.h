// Where a character of UTF-8 ends.
#pragma once

#include <cstddef>
#include <string_view>

namespace stave {

// Bytes of the well-formed sequence that `text` starts with; 0 where it starts with none.
std::size_t utf8_sequence_length(std::string_view text);

}  // namespace stave
