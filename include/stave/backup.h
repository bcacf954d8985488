// Copies of a store that are stores themselves, and stores of older formats.
// What is promised: docs/compatibility.md; how backups are used: docs/reliability.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "stave/result.h"

namespace stave {

struct BackupOptions {
  bool check_all = false;  // read what earlier backups copied again too, and mend it
  std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)> on_progress;
  const std::atomic<bool>* cancelled = nullptr;
};

struct BackupReport {
  std::uint64_t snapshot = 0;      // that the backup now holds
  std::uint64_t files = 0;         // of it
  std::uint64_t bytes = 0;         // of these
  std::uint64_t copied_files = 0;  // the others were there from an earlier backup
  std::uint64_t copied_bytes = 0;
  std::vector<std::string> mended;  // were damaged or gone in the backup
};

// Copies the last commit of a store, its ledger and its own reports into the folder `destination`,
// which is made where missing and else must be empty or hold an earlier backup of the same store:
// then only what is new is copied. Nobody who reads or writes the store is in the way or disturbed.
// Every copy is read again and decoded. Whenever it is interrupted, an earlier backup stays as it
// was; the same call begins again.
Result<BackupReport> backup_store(const std::string& store, const std::string& destination,
                                  const BackupOptions& options);

struct UpgradeReport {
  int format_version = 0;       // of the files, all of which are of this one
  std::uint64_t snapshots = 0;  // looked at
  std::uint64_t files = 0;
};

// Tests that the last commit, and the older ones that are left, are of the format that this version
// writes. Format 1 is the first, so there is nothing older to write anew. kNewerFormat where a
// later version wrote the store.
Result<UpgradeReport> upgrade_store(const std::string& store);

}  // namespace stave
