// How wide a terminal draws a text.
#pragma once

#include <cstddef>
#include <string_view>

namespace stave {

// Terminal columns: wide characters take two, combining ones none.
std::size_t display_width(std::string_view text);

}  // namespace stave
