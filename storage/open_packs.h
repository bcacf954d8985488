// Packs that are open for reading, each once for all column files in it. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

class OpenPacks {
 public:
  // Of another size than that they are not opened.
  void expect(const std::vector<PackState>& packs);
  // The bytes of a column file, whether it is a file of its own or lies in a pack.
  Result<std::unique_ptr<ReadableFile>> open(const FileSystem& files,
                                             const FileReference& reference);

 private:
  Result<std::shared_ptr<const ReadableFile>> open_pack(const FileSystem& files,
                                                        const std::string& path);

  std::mutex mutex_;
  std::map<std::string, std::uint64_t> sizes_;
  std::map<std::string, std::shared_ptr<const ReadableFile>> packs_;
};

// For messages: the path, and where in a pack the file begins and of which column it is.
std::string place_text(const FileReference& reference, const std::string& column = "");

}  // namespace stave
