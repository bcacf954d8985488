// Bytes that do not fit into memory, in a temporary file of the transaction: written one after
// another, then read anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "stave/result.h"
#include "storage/file_system.h"

namespace stave::loading {

class SpillFile {
 public:
  // Made at the first `append`.
  SpillFile(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  // Gives the offset of `bytes`.
  Result<std::uint64_t> append(std::string_view bytes);
  // After the last `append`, before the first `read`.
  Result<void> finish();
  // Thread-safe.
  Result<void> read(std::uint64_t offset, std::span<char> out) const;

 private:
  FileSystem& files_;
  std::string path_;
  std::unique_ptr<WritableFile> writer_;
  std::unique_ptr<ReadableFile> reader_;
  std::uint64_t size_ = 0;
};

}  // namespace stave::loading
