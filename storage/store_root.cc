// A missing store and a file in its place are common slips, so they get words of their own.
#include "storage/store_root.h"

#include <fmt/format.h>

#include <filesystem>

#include "storage/posix_error.h"

namespace stave {

Result<std::shared_ptr<FileSystem>> open_store_root(const std::string& path) {
  auto files = posix_file_system(path);
  if (!files && files.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound,
                fmt::format("There is no store here: {} is not a folder. Make a store with `stave "
                            "init {}`, or check the path.",
                            path, path));
  }
  return files;
}

Result<std::shared_ptr<FileSystem>> make_store_root(const std::string& path) {
  std::error_code fault;
  const std::filesystem::path folder =
      std::filesystem::absolute(path.empty() ? "." : path, fault).lexically_normal();
  if (!fault) {
    std::filesystem::create_directories(folder, fault);
  }
  if (fault) {
    return system_failure("Could not make the folder of a store", path, fault.value());
  }
  auto files = posix_file_system(path);
  if (!files) {
    return files;
  }
  const std::filesystem::path parent =
      folder.has_filename() ? folder.parent_path() : folder.parent_path().parent_path();
  auto above = posix_file_system(parent.string());
  if (!above) {
    return above;
  }
  if (auto synced = (*above)->sync_folder(""); !synced) {
    return pass(synced);
  }
  return files;
}

}  // namespace stave
