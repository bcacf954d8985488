// Files in a store's folder, told apart by what they are for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

// Where `repair` puts files that are damaged; nothing else looks there.
inline const std::string kDamagedFolder = "damaged";

// Where users keep programs of their own, `NAME.stq`, that are reports of the store. A table may
// have its files in a folder of that name too.
inline const std::string kReportsFolder = "reports";
inline const std::string kReportEnding = ".stq";

// Every file that the manifest names; of what lies in packs, the packs.
std::vector<FileReference> files_of(const Manifest& manifest);
// The same with what lies in packs instead of these.
std::vector<FileReference> references_of(const Manifest& manifest);

// Paths of all files below the folder but snapshots, temporary and damaged ones, users' reports,
// the marker and the lock: data, or strays. In order of path.
Result<std::vector<std::string>> list_data_files(const FileSystem& files);

// Whether a file's name is one that a transaction gives: it may be deleted where no snapshot names
// it.
bool is_named_by_transaction(std::string_view path);

// Removes folders that hold nothing, from `folder` upwards to the root, which stays.
void remove_empty_folders(FileSystem& files, std::string folder);

}  // namespace stave
