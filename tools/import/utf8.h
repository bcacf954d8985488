// Whether bytes are UTF-8: strings of a store always are.
#pragma once

#include <cstddef>
#include <string_view>

namespace stave::loading {

// U+FEFF, that programs write before a text to say that it is UTF-8.
inline constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool is_utf8(std::string_view text);

// Bytes of the character that the text begins with; 0 where it is none.
std::size_t utf8_sequence_size(std::string_view text);

}  // namespace stave::loading
