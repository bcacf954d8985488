// Deleting what no snapshot needs, behind any file system; include/stave/upkeep.h has it for
// folders.
#pragma once

#include <memory>

#include "stave/upkeep.h"
#include "storage/file_system.h"

namespace stave {

Result<CollectReport> collect_garbage(const std::shared_ptr<FileSystem>& files,
                                      const CollectOptions& options);

}  // namespace stave
