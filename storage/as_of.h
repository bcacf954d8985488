// Which snapshot a reader means, and holding it so that `gc` leaves it alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "stave/result.h"
#include "storage/file_system.h"

namespace stave {

// The number that `as_of` stands for: a number ("12"), or a time in UTC ("2026-11-20T12:00", with
// seconds where wanted, or a date for the end of its day), which means the last snapshot committed
// by then. Fails with kNotFound, naming the nearest, where there is none.
Result<std::uint64_t> find_snapshot_as_of(const FileSystem& files, const std::string& as_of);

struct PinnedSnapshot {
  std::uint64_t snapshot = 0;
  std::unique_ptr<FileLock> lock;  // shared; null where the file system has none
};

// The last snapshot, or the one that `as_of` means where it is not empty, held from here on.
Result<PinnedSnapshot> pin_snapshot(const FileSystem& files, const std::string& as_of);

}  // namespace stave
