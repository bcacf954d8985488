// Reads are pread, so that threads share a descriptor; writes are plain appends whose write-back is
// started every few MiB, which leaves little for the one sync at commit to wait for.
#include "storage/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "storage/huge_pages.h"
#include "storage/posix_error.h"

namespace stave {
namespace {

// The kernel transfers at most about 2 GiB in one call.
constexpr std::size_t kLargestTransfer = std::size_t{1} << 30;

class PosixReadableFile : public ReadableFile {
 public:
  PosixReadableFile(Descriptor descriptor, std::string path, std::uint64_t size)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), size_(size) {}
  ~PosixReadableFile() override {
    if (!mapped_.empty()) {
      munmap(const_cast<std::byte*>(mapped_.data()), mapped_.size());
    }
  }

  std::uint64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return too_short(offset, out.size());
    }
    std::size_t done = 0;
    while (done < out.size()) {
      const std::size_t wanted = std::min(out.size() - done, kLargestTransfer);
      const ssize_t got =
          pread(descriptor_.get(), out.data() + done, wanted, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        return system_failure("Could not read a file", path_, errno);
      }
      if (got == 0) {
        return too_short(offset, out.size());
      }
      done += static_cast<std::size_t>(got);
    }
    return {};
  }

  Result<std::span<const std::byte>> map() const override {
    const std::lock_guard guard(mutex_);
    if (mapped_.empty() && size_ > 0) {
      void* address = mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_.get(), 0);
      if (address == MAP_FAILED) {
        return system_failure("Could not map a file into memory", path_, errno);
      }
      // What has to be read again comes in large pages too.
      ask_for_huge_pages(address, size_);
      mapped_ = {static_cast<const std::byte*>(address), size_};
    }
    return mapped_;
  }

 private:
  Failure too_short(std::uint64_t offset, std::size_t wanted) const {
    return fail(ErrorCode::kDamaged,
                fmt::format("A file is shorter than expected: {} bytes at {} asked of {} ({}). "
                            "Run `stave verify`.",
                            wanted, offset, size_, path_));
  }

  Descriptor descriptor_;
  std::string path_;
  std::uint64_t size_;
  mutable std::mutex mutex_;
  mutable std::span<const std::byte> mapped_;
};

class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<void> append(std::span<const std::byte> bytes) override {
    if (dead_) {
      return dead();
    }
    std::size_t done = 0;
    while (done < bytes.size()) {
      const std::size_t wanted = std::min(bytes.size() - done, kLargestTransfer);
      const ssize_t put = write(descriptor_.get(), bytes.data() + done, wanted);
      if (put < 0 && errno == EINTR) {
        continue;
      }
      if (put <= 0) {
        dead_ = true;
        return system_failure("Could not write a file", path_, put == 0 ? EIO : errno,
                              bytes.size() - done);
      }
      done += static_cast<std::size_t>(put);
    }
    return {};
  }

  void start_writeback() override {
#ifdef SYNC_FILE_RANGE_WRITE
    // A hint: a failure shows again at sync.
    sync_file_range(descriptor_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
  }

  Result<void> sync() override {
    if (dead_) {
      return dead();
    }
    int outcome = fsync(descriptor_.get());
    while (outcome != 0 && errno == EINTR) {
      outcome = fsync(descriptor_.get());
    }
    if (outcome != 0) {
      // The kernel may have dropped the pages, and a second fsync would then claim success.
      dead_ = true;
      return system_failure("Could not make a file durable", path_, errno);
    }
    return {};
  }

 private:
  Failure dead() const {
    return fail(ErrorCode::kIo, fmt::format("A file cannot be used after a failed write or sync: "
                                            "{}. Start the operation again.",
                                            path_));
  }

  Descriptor descriptor_;
  std::string path_;
  bool dead_ = false;
};

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) {
    close(number_);
  }
}

Descriptor open_at(const Descriptor& folder, const std::string& path, int flags) {
  int number = openat(folder.get(), path.c_str(), flags | O_CLOEXEC, 0666);
  while (number < 0 && errno == EINTR) {
    number = openat(folder.get(), path.c_str(), flags | O_CLOEXEC, 0666);
  }
  return Descriptor(number);
}

Result<std::unique_ptr<ReadableFile>> posix_readable_file(Descriptor descriptor,
                                                          std::string full_path) {
  struct stat status {};
  if (fstat(descriptor.get(), &status) != 0) {
    return system_failure("Could not open a file", full_path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kDamaged,
                fmt::format("Not a regular file: {}. Run `stave verify`.", full_path));
  }
  return std::make_unique<PosixReadableFile>(std::move(descriptor), std::move(full_path),
                                             static_cast<std::uint64_t>(status.st_size));
}

std::unique_ptr<WritableFile> posix_writable_file(Descriptor descriptor, std::string full_path) {
  return std::make_unique<PosixWritableFile>(std::move(descriptor), std::move(full_path));
}

}  // namespace stave
