// Reading with POSIX calls; EINTR is retried.
#include "tools/import/plain_file.h"

#include <unistd.h>

#include <cerrno>

namespace stave::loading {

PlainFile::~PlainFile() {
  ::close(descriptor_);
}

std::optional<std::size_t> PlainFile::read_at(std::uint64_t offset, char* out,
                                              std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, out + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace stave::loading
