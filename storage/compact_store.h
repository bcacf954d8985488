// Compaction, behind any file system; include/stave/upkeep.h has it for folders.
#pragma once

#include <memory>

#include "stave/upkeep.h"
#include "storage/file_system.h"

namespace stave {

Result<CompactReport> compact_store(const std::shared_ptr<FileSystem>& files,
                                    const CompactOptions& options);

}  // namespace stave
