// A store has no name of its own. Two states are of one store where the earlier manifest is among
// the later one's, or else where nothing that both know differs: loads and files have numbers that
// are never used again.
#include "storage/earlier_backup.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/store_files.h"
#include "storage/store_folder.h"

namespace stave {
namespace {

Result<void> check_folder_is_free(const FileSystem& backup) {
  const auto names = backup.list("");
  if (!names) return pass(names);
  for (const std::string& name : *names) {
    if (name == kLockPath || name == kTemporaryFolder + "/") continue;
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("The folder of a backup must be empty or hold an earlier backup: {} "
                            "holds {}. Choose another folder.",
                            backup.root(), name));
  }
  return {};
}

Failure other_store(const FileSystem& store, const FileSystem& backup, const std::string& reason) {
  return fail(ErrorCode::kAlreadyExists,
              fmt::format("This is no earlier backup of {}: {} {}. Choose another folder.",
                          store.root(), backup.root(), reason));
}

bool is_same(const LoadState& one, const LoadState& other) {
  return one.at == other.at && one.table == other.table && one.rows == other.rows;
}

bool is_same(const FileReference& one, const FileReference& other) {
  return one.size == other.size && one.checksum == other.checksum;
}

// Whether a load is in both, and none of a number is another one.
bool have_common_loads(const Manifest& earlier, const Manifest& now) {
  bool is_common = earlier.loads.empty();
  for (const LoadState& load : earlier.loads) {
    const auto same = std::ranges::find(now.loads, load.id, &LoadState::id);
    if (same == now.loads.end()) continue;
    if (!is_same(*same, load)) return false;
    is_common = true;
  }
  return is_common;
}

}  // namespace

Result<EarlierBackup> read_earlier_backup(const FileSystem& backup) {
  const auto is_open = backup.exists(kOpenBackupPath);
  if (!is_open) return pass(is_open);
  const auto has_snapshots = backup.exists(kSnapshotsFolder);
  if (!has_snapshots) return pass(has_snapshots);
  const auto snapshots =
      *has_snapshots ? list_snapshots(backup) : Result<std::vector<std::uint64_t>>();
  if (!snapshots) return pass(snapshots);
  EarlierBackup earlier;
  if (snapshots->empty()) {
    if (*is_open) return earlier;
    if (auto free = check_folder_is_free(backup); !free) return pass(free);
    return earlier;
  }
  // Power may have failed before the first marker was written.
  const auto last =
      *is_open ? Result<std::uint64_t>(snapshots->back()) : find_last_snapshot(backup);
  if (!last) return pass(last);
  for (const std::uint64_t snapshot : *snapshots) {
    auto manifest = read_manifest(backup, snapshot);
    if (!manifest) return pass(manifest);
    for (const FileReference& file : files_of(*manifest)) earlier.files.emplace(file.path, file);
    if (snapshot == *last) earlier.last = *std::move(manifest);
  }
  return earlier;
}

Result<void> check_is_later_state(const FileSystem& store, const Manifest& now,
                                  const FileSystem& backup, const EarlierBackup& earlier) {
  if (!earlier.last) return {};
  const Manifest& last = *earlier.last;
  if (last.snapshot > now.snapshot) {
    return other_store(
        store, backup,
        fmt::format("holds snapshot {}, and the store's last is {}", last.snapshot, now.snapshot));
  }
  const auto known = store.exists(manifest_path(last.snapshot));
  if (!known) return pass(known);
  if (*known) {
    const auto same = read_manifest(store, last.snapshot);
    if (!same) return pass(same);
    if (encode_manifest(*same) == encode_manifest(last)) return {};
    return other_store(store, backup,
                       fmt::format("holds another snapshot {} than the store", last.snapshot));
  }
  if (last.timezone != now.timezone || last.created_at > now.created_at ||
      !have_common_loads(last, now)) {
    return other_store(store, backup, "holds other loads than the store");
  }
  for (const FileReference& file : files_of(now)) {
    const auto there = earlier.files.find(file.path);
    if (there != earlier.files.end() && !is_same(there->second, file)) {
      return other_store(store, backup, fmt::format("holds another file {}", file.path));
    }
  }
  return {};
}

}  // namespace stave
