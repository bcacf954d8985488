// Whether bytes are UTF-8: strings of a store always are.
#pragma once

#include <string_view>

namespace stave::loading {

bool is_utf8(std::string_view text);

}  // namespace stave::loading
