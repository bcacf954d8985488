// See run_log.h.
#include "tools/watch/run_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "storage/posix_error.h"

namespace stave::watching {

namespace {

// One call for each line, so that other writers of the log do not come between.
Result<void> append(const Descriptor& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = write(file.get(), text.data(), text.size());
    if (put < 0 && errno != EINTR) return system_failure("Could not write the log", path, errno);
    if (put > 0) text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace

Result<RunLog> RunLog::open(const std::string& path) {
  Descriptor file = open_at(Descriptor(AT_FDCWD), path, O_RDWR | O_CREAT | O_APPEND);
  struct stat status {};
  if (!file.is_open() || fstat(file.get(), &status) != 0) {
    return system_failure("Could not open the log", path, errno);
  }
  char last = '\n';
  if (status.st_size > 0 && pread(file.get(), &last, 1, status.st_size - 1) != 1) {
    return system_failure("Could not read the log", path, errno);
  }
  if (last != '\n') {
    if (Result<void> ended = append(file, "\n", path); !ended) return pass(ended);
  }
  return RunLog(std::move(file), path);
}

Result<void> RunLog::write(const std::string& json) const {
  return append(file_, json + "\n", path_);
}

}  // namespace stave::watching
