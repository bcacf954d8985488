// See run_log.h.
#include "tools/watch/run_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "storage/posix_error.h"
#include "storage/posix_file.h"

namespace stave::watching {

namespace {

bool ends_within_a_line(const Descriptor& file) {
  struct stat status {};
  char last = '\n';
  return fstat(file.get(), &status) == 0 && status.st_size > 0 &&
         pread(file.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

Result<Descriptor> open_log(const std::string& path) {
  Descriptor file = open_at(Descriptor(AT_FDCWD), path, O_RDWR | O_CREAT | O_APPEND);
  if (!file.is_open()) return system_failure("Could not open the log", path, errno);
  return file;
}

}  // namespace

Result<void> RunLog::check() const {
  const Result<Descriptor> file = open_log(path_);
  return file ? Result<void>() : pass(file);
}

Result<void> RunLog::write(const std::string& json) const {
  Result<Descriptor> file = open_log(path_);
  if (!file) return pass(file);
  const std::string text = (ends_within_a_line(*file) ? "\n" : "") + json + "\n";
  return posix_writable_file(*std::move(file), path_)->append(std::as_bytes(std::span(text)));
}

}  // namespace stave::watching
