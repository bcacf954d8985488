// Files of kept reports in the words of format-spec/kept-reports.md.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

// The index, with what it names.
Result<std::string> inspect_kept_index(std::string_view bytes, const std::string& path);
// A result, without its rows.
Result<std::string> inspect_kept_result(std::string_view bytes, const std::string& path);

}  // namespace stave
