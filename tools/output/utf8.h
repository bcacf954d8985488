// UTF-8 as the outputs need it: where a character ends and how wide a terminal draws it.
#pragma once

#include <cstddef>
#include <string_view>

namespace stave {

// Bytes of the well-formed sequence that `text` starts with; 0 where it starts with none.
std::size_t utf8_sequence_length(std::string_view text);

// Terminal columns: wide characters take two, combining ones none.
std::size_t display_width(std::string_view text);

}  // namespace stave
