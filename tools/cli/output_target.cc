// Writes in large pieces; a file is written beside its place, synced and renamed.
#include "tools/cli/output_target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/cli/terminal.h"

namespace stave::cli {
namespace {

constexpr std::size_t kPieceBytes = 1U << 18;
constexpr std::uint64_t kBytesToDisk = 1U << 22;
constexpr std::uint64_t kRowsOnTerminal = 60;

Failure failure_of(int error, const std::string& what) {
  const std::string reason = std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) {
    return fail(ErrorCode::kNoSpace,
                "There is no space left for " + what + ". Free some or write elsewhere with -o.");
  }
  return fail(ErrorCode::kIo, "Cannot write " + what + " (" + reason + ").");
}

}  // namespace

OutputTarget::~OutputTarget() {
  if (owns_descriptor_) {
    ::close(descriptor_);
  }
  if (!unfinished_.empty()) {
    ::unlink(unfinished_.c_str());
  }
}

Result<void> OutputTarget::open(const std::string& path) {
  path_ = path;
  if (path.empty()) {
    path_ = "standard output";
    descriptor_ = STDOUT_FILENO;
    return {};
  }
  // A device or a pipe is written to: renaming a file over /dev/null would take it from everybody.
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode)) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    owns_descriptor_ = descriptor_ >= 0;
    return owns_descriptor_ ? Result<void>() : Result<void>(failure_of(errno, path));
  }
  const std::string unfinished = path + ".part-" + std::to_string(::getpid());
  descriptor_ = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    return failure_of(errno, path);
  }
  owns_descriptor_ = true;
  unfinished_ = unfinished;
  return {};
}

Result<void> OutputTarget::write(std::string_view text) {
  if (is_refused_) {
    return fail(ErrorCode::kInvalidArgument,
                "A terminal cannot show this format. Write it to a file with -o FILE.");
  }
  if (buffer_.size() + text.size() < kPieceBytes) {
    buffer_.append(text);
    return {};
  }
  auto written = write_now(buffer_);
  buffer_.clear();
  return written ? write_now(text) : written;
}

Result<void> OutputTarget::write_now(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      unsynced_ += static_cast<std::uint64_t>(written);
    } else if (errno == EPIPE) {
      reader_left_ = true;
      return fail(ErrorCode::kCancelled, "The reader of the output went away.");
    } else if (errno != EINTR) {
      return failure_of(errno, path_);
    }
  }
#ifdef SYNC_FILE_RANGE_WRITE
  // The disk begins with what is there; the sync at the end then waits for the rest only.
  if (!unfinished_.empty() && unsynced_ >= kBytesToDisk) {
    ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
    unsynced_ = 0;
  }
#endif
  return {};
}

void OutputTarget::finish_sink() {
  if (sink_) {
    auto finished = sink_->finish();
    if (finished_sink_) {
      finished_sink_ = finished;
    }
    sink_.reset();
  }
}

Result<void> OutputTarget::finish() {
  finish_sink();
  auto written = finished_sink_;
  if (written) {
    written = write_now(buffer_);
  }
  buffer_.clear();
  if (!written || unfinished_.empty()) {
    return written;
  }
  if (::fsync(descriptor_) != 0 || ::rename(unfinished_.c_str(), path_.c_str()) != 0) {
    return failure_of(errno, path_);
  }
  unfinished_.clear();
  return {};
}

ResultSink& OutputTarget::sink(const GlobalOptions& options, const std::string& title) {
  if (sink_ && format_ != options.format) {
    finish_sink();
  }
  if (!sink_) {
    OutputOptions output;
    output.format = format_ = options.format;
    output.title = title;
    output.threads = options.threads;
    output.header = !options.no_header;
    is_refused_ = is_binary(options.format) && unfinished_.empty() && output_is_terminal();
    const bool shortened =
        options.format == OutputFormat::kTable && unfinished_.empty() && output_is_terminal();
    output.max_rows = options.max_rows_given ? options.max_rows : (shortened ? kRowsOnTerminal : 0);
    sink_ = make_output(output, [this](std::string_view text) { return write(text); });
  }
  return *sink_;
}

}  // namespace stave::cli
