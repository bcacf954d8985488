// Folders are walked by name; a file that Stave did not make is never taken for one of its own.
#include "storage/store_files.h"

#include <algorithm>

#include "storage/files_to_verify.h"
#include "storage/kept_reports.h"
#include "storage/ledger.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/transaction_files.h"

namespace stave {
namespace {

bool is_apart(std::string_view path) {
  return path == kSnapshotsFolder || path == kTemporaryFolder || path == kDamagedFolder ||
         path == kLedgerFolder || path == kKeptFolder || path == kMarkerPath || path == kLockPath ||
         path == kMarkerPath + kUnfinishedSuffix;
}

Result<void> list_below(const FileSystem& files, const std::string& folder,
                        std::vector<std::string>& found) {
  const auto names = files.list(folder);
  if (!names) {
    return pass(names);
  }
  for (const std::string& name : *names) {
    std::string path = path_in(folder, name);
    const bool is_folder = path.ends_with('/');
    if (is_folder) {
      path.pop_back();
    }
    const bool is_report = folder == kReportsFolder && !is_folder && path.ends_with(kReportEnding);
    if (is_apart(path) || is_report) {
      continue;
    }
    if (!is_folder) {
      found.push_back(std::move(path));
    } else if (auto listed = list_below(files, path, found); !listed) {
      return listed;
    }
  }
  return {};
}

}  // namespace

std::vector<FileReference> files_of(const Manifest& manifest) {
  FilesToVerify named;
  named.add(manifest);
  std::vector<FileReference> all;
  for (const auto& [place, file] : named.all()) {
    if (!file.file.is_packed) {
      all.push_back(file.file);
    }
  }
  return all;
}

std::vector<FileReference> references_of(const Manifest& manifest) {
  FilesToVerify named;
  named.add(manifest);
  std::vector<FileReference> all;
  for (const auto& [place, file] : named.all()) {
    if (!file.is_pack) {
      all.push_back(file.file);
    }
  }
  return all;
}

Result<std::vector<std::string>> list_data_files(const FileSystem& files) {
  std::vector<std::string> found;
  if (auto listed = list_below(files, "", found); !listed) {
    return pass(listed);
  }
  std::ranges::sort(found);
  return found;
}

bool is_named_by_transaction(std::string_view path) {
  return file_id_of(path) > 0 &&
         (path.ends_with(".col") || path.ends_with(".pack") || path.ends_with(".domain"));
}

void remove_empty_folders(FileSystem& files, std::string folder) {
  while (!folder.empty() && files.remove(folder)) {
    folder = folder_of(folder);
  }
}

}  // namespace stave
