// What lies in the folder that a backup goes to: nothing, an earlier backup, or something that must
// not be touched. Invariant: only a folder that holds what a backup left is ever written to.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

// Says that a backup is being written, or did not come to its end.
inline const std::string kOpenBackupPath = "temporary/backup";

struct EarlierBackup {
  std::optional<Manifest> last;                // nothing: no backup was finished yet
  std::map<std::string, FileReference> files;  // of all its snapshots, by path
};

// kAlreadyExists where something else is in the folder.
Result<EarlierBackup> read_earlier_backup(const FileSystem& backup);

// Whether `now` is a later state (or the same) of the store that `earlier` is a backup of. The
// error says what speaks against it.
Result<void> check_is_later_state(const FileSystem& store, const Manifest& now,
                                  const FileSystem& backup, const EarlierBackup& earlier);

}  // namespace stave
