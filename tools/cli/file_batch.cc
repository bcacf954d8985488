// See file_batch.h.
#include "tools/cli/file_batch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace stave::cli {
namespace {

Failure failure_of(int error, const std::string& path) {
  if (error == ENOSPC || error == EDQUOT) {
    return fail(ErrorCode::kNoSpace,
                "There is no space left for " + path + ". Free some or name another folder.");
  }
  return fail(ErrorCode::kIo, "Cannot write " + path + " (" + std::strerror(error) + ").");
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<void> FileBatch::open(const std::string& folder) {
  folder_ = folder;
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (!fault) {
    return {};
  }
  return fail(ErrorCode::kIo, "A folder cannot be made: " + folder + " (" + fault.message() +
                                  "). Name another with --into.");
}

FileBatch::~FileBatch() {
  for (const auto& [unfinished, place] : files_) {
    ::unlink(unfinished.c_str());
  }
}

Result<void> FileBatch::add(const std::string& name, std::string_view text) {
  const std::string place = (std::filesystem::path(folder_) / name).string();
  const std::string unfinished = place + ".part-" + std::to_string(::getpid());
  const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return failure_of(errno, place);
  }
  {
    const std::lock_guard guard(mutex_);
    files_.emplace_back(unfinished, place);
  }
  const bool is_written = write_all(descriptor, text);
  const int error = errno;
  if (::close(descriptor) != 0) {
    return failure_of(errno, place);
  }
  return is_written ? Result<void>() : Result<void>(failure_of(error, place));
}

Result<void> FileBatch::finish() {
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return failure_of(errno, folder_);
  }
  const bool is_durable = ::syncfs(folder) == 0;
  const int error = errno;
  ::close(folder);
  if (!is_durable) {
    return failure_of(error, folder_);
  }
  while (!files_.empty()) {
    const auto& [unfinished, place] = files_.back();
    if (::rename(unfinished.c_str(), place.c_str()) != 0) {
      return failure_of(errno, place);
    }
    files_.pop_back();
  }
  return {};
}

}  // namespace stave::cli
