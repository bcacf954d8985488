// The folder of manifests is synced before anything is removed: a manifest that a failed commit
// took back must not return after a power cut when its files are gone.
#include "storage/leftovers.h"

#include "storage/store_folder.h"
#include "storage/transaction_files.h"

namespace stave {
namespace {

void remove_below(FileSystem& files, const std::string& folder, const Manifest& manifest) {
  const auto names = files.list(folder);
  if (!names) {
    return;
  }
  for (const std::string& name : *names) {
    const std::string path = folder.empty() ? name : folder + "/" + name;
    if (path.ends_with('/')) {
      const std::string below = path.substr(0, path.size() - 1);
      if (below != kSnapshotsFolder) {
        remove_below(files, below, manifest);
      }
      continue;
    }
    const bool is_left = folder == kTemporaryFolder || file_id_of(name) >= manifest.next_file_id;
    if (is_left) {
      [[maybe_unused]] const auto removed = files.remove(path);
    }
  }
  if (!folder.empty()) {
    // Succeeds only where nothing is left in it.
    [[maybe_unused]] const auto removed = files.remove(folder);
  }
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
      [[maybe_unused]] const auto removed = files.remove(kSnapshotsFolder + "/" + name);
    }
  }
  [[maybe_unused]] const auto removed = files.remove(kMarkerPath + kUnfinishedSuffix);
  remove_below(files, "", manifest);
  return {};
}

}  // namespace stave
