// `--folder-options FILE` of `stave watch`: options of `stave import` for the files of one folder.
#pragma once

#include <map>
#include <string>

#include "stave/import.h"
#include "tools/cli/load_options.h"

namespace stave::cli {

// By folder. What a folder does not name is as in `load` and `import`. Empty without a path.
Result<std::map<std::string, ImportOptions>> read_folder_options(const std::string& path,
                                                                 const LoadArguments& load,
                                                                 const ImportOptions& import);

}  // namespace stave::cli
