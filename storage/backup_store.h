// Backups between file systems of any kind; for users: stave/backup.h.
#pragma once

#include <memory>

#include "stave/backup.h"
#include "storage/file_system.h"

namespace stave {

Result<BackupReport> backup_store(const std::shared_ptr<FileSystem>& store, FileSystem& backup,
                                  const BackupOptions& options);
Result<UpgradeReport> upgrade_store(const FileSystem& store);

}  // namespace stave
