// The files that an import's arguments name: files, "-", folders of dumps and glob patterns.
#pragma once

#include <string>
#include <vector>

#include "stave/result.h"

namespace stave::cli {

// In the order given; those of a folder or pattern by name. A name that matches nothing is an error
// that suggests a file beside it.
Result<std::vector<std::string>> find_input_files(const std::vector<std::string>& arguments);

}  // namespace stave::cli
