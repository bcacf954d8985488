// See temporary_file.h.
#include "engine/spill/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "storage/posix_error.h"

namespace stave {

namespace {

std::string temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  if (chosen != nullptr && *chosen != '\0') {
    return chosen;
  }
  return access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

// For file systems without files that never had a name.
Descriptor open_and_unlink(const std::string& folder) {
  std::string path = folder + "/stave-XXXXXX";
  Descriptor descriptor(mkostemp(path.data(), O_CLOEXEC));
  if (descriptor.is_open()) {
    unlink(path.c_str());
  }
  return descriptor;
}

}  // namespace

Result<std::unique_ptr<TemporaryFile>> TemporaryFile::make() {
  std::string folder = temporary_folder();
  Descriptor descriptor(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!descriptor.is_open()) {
    descriptor = open_and_unlink(folder);
  }
  if (!descriptor.is_open()) {
    return system_failure(
        "The query does not fit into its memory, and no temporary file could be made in this "
        "folder (TMPDIR chooses another)",
        folder, errno);
  }
  return std::unique_ptr<TemporaryFile>(
      new TemporaryFile(std::move(descriptor), std::move(folder)));
}

Result<std::uint64_t> TemporaryFile::append(std::span<const std::byte> bytes) {
  const std::uint64_t offset = end_.fetch_add(bytes.size(), std::memory_order_relaxed);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = pwrite(descriptor_.get(), bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset + done));
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written == 0 || errno != EINTR) {
      return system_failure(
          "Could not write a temporary file of a query that does not fit into its memory (TMPDIR "
          "chooses another folder)",
          folder_, written == 0 ? ENOSPC : errno, bytes.size() - done);
    }
  }
  return offset;
}

Result<void> TemporaryFile::read(std::uint64_t offset, std::span<std::byte> out) const {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t got = pread(descriptor_.get(), out.data() + done, out.size() - done,
                              static_cast<off_t>(offset + done));
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      return system_failure("Could not read a temporary file back", folder_,
                            got == 0 ? EIO : errno);
    }
  }
  return {};
}

void TemporaryFile::release(std::uint64_t offset, std::uint64_t size) {
  // What cannot be given back now is when the file goes.
  static_cast<void>(fallocate(descriptor_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                              static_cast<off_t>(offset), static_cast<off_t>(size)));
}

}  // namespace stave
