// Types and dates as schemas write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stave/type.h"

namespace stave {

// The type that `to_string` prints so; nothing for other text, "null" and "list". Blanks are
// allowed inside the brackets of a decimal.
std::optional<Type> type_from_text(std::string_view text);

// "1970-01-01" for day 0; years beyond four digits get the digits they need, and a sign.
std::string date_text(std::int64_t days);
// "1970-01-01 00:00:00" for 0, with up to six digits of fraction where there are any.
std::string timestamp_text(std::int64_t microseconds);

}  // namespace stave
