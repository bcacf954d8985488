// Words by which programs write null, where a number, a time or a truth value should stand.
#pragma once

#include <string_view>

namespace stave::loading {

// Of an unquoted cell in a column of another type than text; in text such words are text.
bool is_null_word(std::string_view cell);

}  // namespace stave::loading
