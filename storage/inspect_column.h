// What `stave inspect` says of a column file, in the words of format-spec/column-file.md.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/physical.h"

namespace stave {

// Header, then one line for each block with whether its checksum holds and it decodes. Fails where
// header or footer are damaged; a damaged block is a line that says so.
Result<std::string> inspect_column_file(const std::string& path);

// "code", "i64", ...
std::string_view name_of(Physical physical);

}  // namespace stave
