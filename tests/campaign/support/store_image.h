// A store as bytes that a test may change at will, and a file system that reads them.
// Invariant: reading never changes them; nothing can be written through the interface.
#pragma once

#include <map>
#include <string>

#include "storage/file_system.h"

namespace stave::campaign {

class StoreImage : public FileSystem {
 public:
  // Every file that `files` holds.
  static StoreImage copy_of(const FileSystem& files);

  // By path. A file system handed out reads the bytes as they are when a file is opened.
  std::map<std::string, std::string>& contents() { return contents_; }
  const std::map<std::string, std::string>& contents() const { return contents_; }
  std::uint64_t total_bytes() const;

  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const override;
  Result<bool> exists(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& folder) const override;
  const std::string& root() const override { return root_; }

  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> sync_folder(const std::string& folder) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

 private:
  std::string root_ = "image.stave";
  std::map<std::string, std::string> contents_;
};

}  // namespace stave::campaign
