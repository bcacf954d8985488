// Open-file-description locks, which go with their holder however that ends. The holder of the
// writer's lock writes into the file who it is, so that whoever is refused can say so.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "storage/posix_error.h"
#include "storage/posix_file.h"

namespace stave {
namespace {

class PosixLock : public FileLock {
 public:
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  ~PosixLock() override {
    // Emptied before it is released: a stale name would mislead.
    [[maybe_unused]] const int outcome = ftruncate(descriptor_.get(), 0);
  }

 private:
  Descriptor descriptor_;
};

std::string process_name() {
  std::array<char, 64> name{};
  const Descriptor file(open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
  const ssize_t got = file.is_open() ? read(file.get(), name.data(), name.size()) : 0;
  std::string text(name.data(), static_cast<std::size_t>(got > 0 ? got : 0));
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text.empty() ? "unknown" : text;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string holder_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> since{};
  std::strftime(since.data(), since.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return fmt::format("process {} ({}) on host {} since {}", getpid(), process_name(), host_name(),
                     since.data());
}

std::string read_holder(const Descriptor& file) {
  std::array<char, 512> text{};
  const ssize_t got = pread(file.get(), text.data(), text.size(), 0);
  std::string holder;
  for (ssize_t i = 0; i < got; ++i) {
    const char byte = text[static_cast<std::size_t>(i)];
    holder += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
  }
  return holder.empty() ? "another process" : holder;
}

class PosixHold : public FileLock {
 public:
  explicit PosixHold(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

// File systems that cannot lock say so in one of these ways.
bool has_no_locks(int number) {
  return number == ENOLCK || number == EOPNOTSUPP || number == ENOSYS || number == EINVAL;
}

// fcntl's outcome for a lock of the whole file, without waiting.
int try_lock(const Descriptor& file, short type) {
  struct flock whole_file {};
  whole_file.l_type = type;
  whole_file.l_whence = SEEK_SET;
  int outcome = fcntl(file.get(), F_OFD_SETLK, &whole_file);
  while (outcome != 0 && errno == EINTR) {
    outcome = fcntl(file.get(), F_OFD_SETLK, &whole_file);
  }
  return outcome;
}

Result<std::unique_ptr<FileLock>> hold(const Descriptor& root, const std::string& path,
                                       const std::string& full_path, int flags, short type) {
  Descriptor file = open_at(root, path, flags);
  if (!file.is_open()) {
    return system_failure("Could not open a file", full_path, errno);
  }
  if (try_lock(file, type) != 0) {
    if (has_no_locks(errno)) {
      return nullptr;
    }
    if (errno != EAGAIN && errno != EACCES) {
      return system_failure("Could not lock a file", full_path, errno);
    }
    return fail(ErrorCode::kLocked,
                fmt::format("A file is in use: {}. Try again when that is done.", full_path));
  }
  struct stat status {};
  if (fstat(file.get(), &status) == 0 && status.st_nlink == 0) {
    return system_failure("Could not open a file", full_path, ENOENT);
  }
  return std::make_unique<PosixHold>(std::move(file));
}

}  // namespace

Result<std::unique_ptr<FileLock>> posix_share(const Descriptor& root, const std::string& path,
                                              const std::string& full_path) {
  return hold(root, path, full_path, O_RDONLY, F_RDLCK);
}

Result<std::unique_ptr<FileLock>> posix_hold_alone(const Descriptor& root, const std::string& path,
                                                   const std::string& full_path) {
  return hold(root, path, full_path, O_RDWR, F_WRLCK);
}

Result<std::unique_ptr<FileLock>> posix_lock(const Descriptor& root, const std::string& path,
                                             const std::string& full_path) {
  Descriptor file = open_at(root, path, O_RDWR | O_CREAT);
  if (!file.is_open()) {
    return system_failure("Could not open the lock file", full_path, errno);
  }
  const int outcome = try_lock(file, F_WRLCK);
  if (outcome != 0 && errno != EAGAIN && errno != EACCES) {
    return system_failure("Could not lock a file", full_path, errno);
  }
  if (outcome != 0) {
    return fail(ErrorCode::kLocked,
                fmt::format("The store is being written by {} ({}). Wait until that is done, or "
                            "end that process; reading works meanwhile.",
                            read_holder(file), full_path));
  }
  // Who holds it is a courtesy: on a full disk the lock holds all the same.
  const std::string holder = holder_text();
  if (ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t put = pwrite(file.get(), holder.data(), holder.size(), 0);
  }
  return std::make_unique<PosixLock>(std::move(file));
}

}  // namespace stave
