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
  // What is mapped and touched counts as the process's memory until the packs are closed: packs
  // that would make it more than so many bytes are read instead.
  explicit OpenPacks(std::uint64_t most_mapped = std::uint64_t{512} << 20)
      : most_mapped_(most_mapped) {}
  // Of another size than that they are not opened.
  void expect(const std::vector<PackState>& packs);
  // The bytes of a column file, whether it is a file of its own or lies in a pack.
  struct Opened {
    std::unique_ptr<ReadableFile> file;
    bool is_to_map = false;  // rather than to read
  };
  Result<Opened> open(const FileSystem& files, const FileReference& reference);

 private:
  struct Pack {
    std::shared_ptr<const ReadableFile> file;
    bool is_mapped = false;
  };
  Result<Pack> open_pack(const FileSystem& files, const std::string& path);

  const std::uint64_t most_mapped_;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> sizes_;
  std::map<std::string, Pack> packs_;
  std::uint64_t mapped_bytes_ = 0;  // of the packs that are mapped
};

// For messages: the path, and where in a pack the file begins and of which column it is.
std::string place_text(const FileReference& reference, const std::string& column = "");

}  // namespace stave
