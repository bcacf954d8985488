// Verification of a store behind any file system; `verify_store` of include/stave is for folders.
#pragma once

#include "stave/result.h"
#include "stave/store.h"
#include "storage/file_system.h"

namespace stave {

Result<VerifyReport> verify_store(const FileSystem& files);

}  // namespace stave
