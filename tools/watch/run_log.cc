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

// Gives how much of the text was written; less than all with errno. One call where that is enough,
// so that other writers of the log do not come between.
std::size_t append(const Descriptor& file, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t put = write(file.get(), text.data() + done, text.size() - done);
    if (put < 0 && errno != EINTR) break;
    if (put > 0) done += static_cast<std::size_t>(put);
  }
  return done;
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
  RunLog log(std::move(file), path);
  log.is_torn_ = last != '\n';
  return log;
}

Result<void> RunLog::write(const std::string& json) {
  const std::string text = (is_torn_ ? "\n" : "") + json + "\n";
  const std::size_t done = append(file_, text);
  if (done == text.size()) {
    is_torn_ = false;
    return {};
  }
  const int reason = errno;
  is_torn_ = is_torn_ || done > 0;
  return system_failure("Could not write the log", path_, reason);
}

}  // namespace stave::watching
