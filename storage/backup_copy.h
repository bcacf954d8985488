// Copies of files from one store's folder to another's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"

namespace stave {

class BackupCopy {
 public:
  BackupCopy(const FileSystem& from, FileSystem& to) : from_(from), to_(to) {}

  // Bytes of each piece, as they are written; an error stops the copy.
  std::function<Result<void>(std::uint64_t bytes)> on_bytes;

  // In place of what is there. The file is durable once this returns, its name once `sync_folders`
  // does.
  Result<void> copy(const std::string& path);
  // The files of a folder that have this ending, each replaced as a whole where it differs.
  Result<void> copy_changed(const std::string& folder, const std::string& ending);
  Result<void> sync_folders();
  // Takes back what was copied. Faults are of no account: no snapshot names it.
  void remove_copies() noexcept;

 private:
  const FileSystem& from_;
  FileSystem& to_;
  std::vector<std::string> copied_;
  std::set<std::string> folders_;
};

}  // namespace stave
