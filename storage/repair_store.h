// Repair, behind any file system; include/stave/upkeep.h has it for folders.
#pragma once

#include <memory>

#include "stave/upkeep.h"
#include "storage/file_system.h"

namespace stave {

Result<RepairReport> repair_store(const std::shared_ptr<FileSystem>& files,
                                  const RepairOptions& options);

}  // namespace stave
