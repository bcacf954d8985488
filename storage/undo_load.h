// Taking a load back, behind any file system; include/stave/upkeep.h has it for folders.
#pragma once

#include <memory>

#include "stave/upkeep.h"
#include "storage/file_system.h"

namespace stave {

Result<UndoReport> undo_load(const std::shared_ptr<FileSystem>& files, std::uint64_t load);

}  // namespace stave
