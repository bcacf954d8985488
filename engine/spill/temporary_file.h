// Room on disk for what a run cannot hold: one file without a name, in $TMPDIR or else /var/tmp.
// Invariant: the file is unlinked before anything is written, so that however a process ends
// nothing is left behind.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "stave/result.h"
#include "storage/posix_file.h"

namespace stave {

// Thread-safe.
class TemporaryFile {
 public:
  static Result<std::unique_ptr<TemporaryFile>> make();

  // The offset at which the bytes are. kNoSpace where the disk is full.
  Result<std::uint64_t> append(std::span<const std::byte> bytes);
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;
  // Gives room back to the disk, where its file system can do so within a file.
  void release(std::uint64_t offset, std::uint64_t size);

  std::uint64_t bytes_written() const { return end_.load(std::memory_order_relaxed); }

 private:
  TemporaryFile(Descriptor descriptor, std::string folder)
      : descriptor_(std::move(descriptor)), folder_(std::move(folder)) {}

  Descriptor descriptor_;
  std::string folder_;  // for messages
  std::atomic<std::uint64_t> end_{0};
};

}  // namespace stave
