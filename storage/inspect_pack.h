// Column files of a pack, told from the pack alone.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

inline constexpr std::string_view kPackEnding = ".pack";

Result<std::string> inspect_pack(const std::string& path);

}  // namespace stave
