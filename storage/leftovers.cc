// The folder of manifests is synced before anything is removed: a manifest that a failed commit
// took back must not return after a power cut when its files are gone.
#include "storage/leftovers.h"

#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/transaction_files.h"

namespace stave {
namespace {

// Removes what is left in a folder and, where that empties it, the folder; true where it went. The
// folder of temporary files stays: it tells the next writer that this one did not come to its end.
Result<bool> remove_below(FileSystem& files, const std::string& folder, const Manifest& manifest) {
  const auto names = files.list(folder);
  if (!names) {
    return pass(names);
  }
  bool is_changed = false;
  for (const std::string& name : *names) {
    const std::string path = path_in(folder, name);
    if (path.ends_with('/')) {
      const std::string below = path.substr(0, path.size() - 1);
      auto went = below == kSnapshotsFolder ? false : remove_below(files, below, manifest);
      if (!went) {
        return went;
      }
      is_changed |= *went;
    } else if (folder == kTemporaryFolder || path == kMarkerPath + kUnfinishedSuffix ||
               file_id_of(name) >= manifest.next_file_id) {
      is_changed |= files.remove(path).has_value();
    }
  }
  if (!folder.empty() && folder != kTemporaryFolder && files.remove(folder)) {
    return true;
  }
  if (is_changed) {
    [[maybe_unused]] const auto synced = files.sync_folder(folder);
  }
  return false;
}

}  // namespace

Result<void> remove_leftovers(FileSystem& files, const Manifest& manifest) {
  if (auto synced = files.sync_folder(kSnapshotsFolder); !synced) {
    return synced;
  }
  const auto names = files.list(kSnapshotsFolder);
  if (!names) {
    return pass(names);
  }
  for (const std::string& name : *names) {
    if (name.ends_with(kUnfinishedSuffix)) {
      [[maybe_unused]] const auto removed = files.remove(path_in(kSnapshotsFolder, name));
    }
  }
  if (auto removed = remove_below(files, "", manifest); !removed) {
    return pass(removed);
  }
  return files.sync_folder(kSnapshotsFolder);
}

}  // namespace stave
