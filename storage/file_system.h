// The files of a store, behind an interface: POSIX for users, in memory and faulty for tests.
// Paths are relative to the root that the file system was made for, with '/' between parts.
// Invariant: a short read or write is never reported as success; EINTR is retried.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"

namespace stave {

class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual std::uint64_t size() const = 0;
  // Reads exactly out.size() bytes from `offset`; fewer is an error (kDamaged).
  virtual Result<void> read(std::uint64_t offset, std::span<std::byte> out) const = 0;
  // The whole file mapped read-only, valid while this object lives; empty span for an empty file.
  virtual Result<std::span<const std::byte>> map() const = 0;
  // For messages.
  virtual const std::string& path() const = 0;
};

class WritableFile {
 public:
  virtual ~WritableFile() = default;  // closes; an unsynced file may be lost
  virtual Result<void> append(std::span<const std::byte> bytes) = 0;
  // Starts write-back without waiting; a hint.
  virtual void start_writeback() = 0;
  // A failed sync is final: the handle is dead and the commit must fail.
  virtual Result<void> sync() = 0;
};

// Held until destroyed.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const = 0;
  // Makes missing parent folders. Fails where the file exists.
  virtual Result<std::unique_ptr<WritableFile>> create(const std::string& path) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // A file, or a folder without entries.
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) const = 0;
  // Names of the direct entries of a folder, sorted; "" is the root. Folders end with '/'.
  virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;
  virtual Result<void> sync_folder(const std::string& folder) = 0;
  // An exclusive open-file-description lock. Where another holds it the error (kLocked) says who:
  // process, host and since when, as the holder wrote into the file.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
  // Holds a file so that nobody can hold it alone. kLocked where somebody does, kNotFound where the
  // file is gone once it is held. Nothing (null) where there are no such locks: callers go on.
  virtual Result<std::unique_ptr<FileLock>> share(const std::string& path) const;
  // Holds a file alone; kLocked where anybody shares it. Nothing as above.
  virtual Result<std::unique_ptr<FileLock>> hold_alone(const std::string& path);
  // For messages.
  virtual const std::string& root() const = 0;
};

// Files below `root`, which must be a folder that exists.
Result<std::shared_ptr<FileSystem>> posix_file_system(const std::string& root);
// For tests; empty at first.
std::shared_ptr<FileSystem> memory_file_system(std::string name);

}  // namespace stave
