// Descriptors and files of the POSIX file system.
// Invariant: every descriptor is closed exactly once and never leaks into a child process.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "storage/file_system.h"

namespace stave {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// openat with O_CLOEXEC, retried after signals; an invalid descriptor and errno on failure.
Descriptor open_at(const Descriptor& folder, const std::string& path, int flags);

// `full_path` is for messages.
Result<std::unique_ptr<ReadableFile>> posix_readable_file(Descriptor descriptor,
                                                          std::string full_path);
std::unique_ptr<WritableFile> posix_writable_file(Descriptor descriptor, std::string full_path);

// FileSystem::share and hold_alone.
Result<std::unique_ptr<FileLock>> posix_share(const Descriptor& root, const std::string& path,
                                              const std::string& full_path);
Result<std::unique_ptr<FileLock>> posix_hold_alone(const Descriptor& root, const std::string& path,
                                                   const std::string& full_path);

// Fails with kLocked where another holds it.
Result<std::unique_ptr<FileLock>> posix_lock(const Descriptor& root, const std::string& path,
                                             const std::string& full_path);

}  // namespace stave
