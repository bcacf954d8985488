// Any file of a store, in the words of format-spec.
#pragma once

#include <string>

#include "stave/result.h"

namespace stave {

// Text of several lines, for a reader who has the format's pages at hand. `path` may be a manifest,
// a key domain segment, a column file, the marker, or the folder of a store, whose last manifest is
// then shown, or the one that `as_of` means. Damage is an error that says what is wrong.
Result<std::string> inspect_file(const std::string& path, const std::string& as_of = "");

}  // namespace stave
