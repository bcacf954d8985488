// Verification of a store behind any file system; `verify_store` of include/stave is for folders.
#pragma once

#include "stave/result.h"
#include "stave/store.h"
#include "storage/file_system.h"

namespace stave {

// `threads`: how many at most; 0: as many as the machine has.
Result<VerifyReport> verify_store(const FileSystem& files, int threads = 0);

}  // namespace stave
