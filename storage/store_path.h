// Paths inside a store: relative, '/' between parts, no way out of the root.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

// Parts are not empty, not "." and not ".."; no part holds a control character or a backslash.
bool is_store_path(std::string_view path);

// As above, or an error that names the path.
Result<void> check_store_path(std::string_view path);

// The folder a path lies in; "" for one directly below the root.
std::string folder_of(std::string_view path);

// What lies in a folder under this name; "" is the root.
std::string path_in(std::string_view folder, std::string_view name);

// `text` with all but ASCII letters, digits and `_-.` replaced by '_', cut to a length that file
// systems take; never empty, never beginning with a dot. For names of files, which need not be
// readable back.
std::string safe_file_name(std::string_view text);

}  // namespace stave
