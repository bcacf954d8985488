// What the language needs of UTF-8: lengths in code points and case of ASCII and Latin letters.
// Invariant: bytes that are no UTF-8 pass through unchanged, each counted as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stave {

// Bytes of the code point that starts `text`, at least 1, never past its end.
std::size_t code_point_size(std::string_view text);
std::int64_t code_points(std::string_view text);
void append_lower(std::string_view text, std::string& out);
void append_upper(std::string_view text, std::string& out);
// SQL's LIKE: % any text, _ one code point, backslash takes the next character as it is.
bool matches_like(std::string_view text, std::string_view pattern);

}  // namespace stave
