// Strings as JSON writes them.
#pragma once

#include <string>
#include <string_view>

namespace stave {

// `text` quoted and escaped, appended to `out`. Bytes that are no UTF-8 become U+FFFD, since JSON
// has no other way to hold them.
void append_json_string(std::string_view text, std::string& out);

}  // namespace stave
