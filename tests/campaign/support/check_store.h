// What must hold of a store that was interrupted: it opens at a commit that may be there, all of it
// can be read and is right, and the next writer goes on from there.
#pragma once

#include <string>

#include "tests/campaign/support/faulty_file_system.h"
#include "tests/campaign/support/workloads.h"

namespace stave::campaign {

// Empty where all is well, else what is not. Reads every value of the last commit, verifies every
// file, loads once more, tests that no file is left that nothing names, and cuts the power again.
std::string check_store(const std::shared_ptr<FaultyFileSystem>& files, const Progress& progress);

// Only that it opens at a commit that may be there and that all of it can be read.
std::string check_readable(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                           Content& found);

}  // namespace stave::campaign
