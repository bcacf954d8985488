// The folder that an export writes into: who may write there, and files that appear whole or not at
// all. Invariant: from the first change until `finish` the folder has no `manifest.json` but an
// `export.unfinished`, which names every file that this export or the one before it may have left.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/checksum.h"
#include "storage/file_system.h"

namespace stave {

inline constexpr std::string_view kExportManifest = "manifest.json";
inline constexpr std::string_view kUnfinishedExport = "export.unfinished";

class ExportFolder;

// Removed where it was not finished. What is finished gets its name once it is on disk, together
// with others: `settle`.
class ExportFile {
 public:
  ExportFile(ExportFolder& folder, std::string path, std::string unfinished,
             std::unique_ptr<WritableFile> file);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  Result<void> append(std::string_view bytes);
  Result<void> finish();
  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t checksum() const { return checksum_.value(); }

 private:
  ExportFolder& folder_;
  std::string path_;
  std::string unfinished_;
  std::unique_ptr<WritableFile> file_;
  std::uint64_t bytes_ = 0;
  RunningChecksum checksum_;
};

class ExportFolder {
 public:
  // Makes the folder, or takes one over that is empty or holds an export, whose files are removed.
  // Others only by `force`, and then nothing in them is removed.
  static Result<std::unique_ptr<ExportFolder>> take(const std::string& directory, bool force);

  ~ExportFolder();

  // Thread-safe.
  Result<std::unique_ptr<ExportFile>> create(const std::string& path);
  // The manifest makes the export a whole one.
  Result<void> finish(std::string_view manifest);

 private:
  friend class ExportFile;
  // A file that is complete but may not be on disk, and has no name yet.
  struct Complete {
    std::string path;
    std::string unfinished;
    std::unique_ptr<WritableFile> file;
  };
  explicit ExportFolder(std::shared_ptr<FileSystem> files) : files_(std::move(files)) {}
  Result<void> begin(const std::vector<std::string>& earlier);
  void remove_earlier(const std::vector<std::string>& earlier);
  Result<void> take_over(Complete file);
  Result<void> settle(std::vector<Complete>& files);

  std::shared_ptr<FileSystem> files_;
  std::mutex mutex_;
  std::unique_ptr<WritableFile> list_;  // export.unfinished
  std::vector<Complete> complete_;
};

}  // namespace stave
