// Reading with POSIX calls; EINTR is retried, a folder or a missing file is named as such.
#include "tools/import/raw_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace stave::loading {

namespace {

constexpr int kNoDescriptor = -1;

}  // namespace

RawInput::~RawInput() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<std::unique_ptr<RawInput>> RawInput::open(const std::string& path,
                                                 const std::atomic<bool>* cancelled) {
  if (path == "-") {
    std::unique_ptr<RawInput> input(new RawInput(path, STDIN_FILENO));
    input->cancelled_ = cancelled;
    return input;
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return fail(code, fmt::format("Cannot open the input file: {} ({}). Check the path.", path,
                                  std::strerror(errno)));
  }
  std::unique_ptr<RawInput> input(new RawInput(path, descriptor));
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    return fail(ErrorCode::kIo, fmt::format("Cannot ask for the size of an input file: {} ({}).",
                                            path, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The input is a folder: {}. Name the files in it.", path));
  }
  input->cancelled_ = cancelled;
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  if (S_ISREG(status.st_mode)) {
    input->total_ = static_cast<std::uint64_t>(status.st_size);
    input->file_ = std::make_shared<const PlainFile>(descriptor, input->total_);
    input->descriptor_ = kNoDescriptor;
  }
  return input;
}

std::unique_ptr<RawInput> RawInput::of(const ImportStream& stream) {
  std::unique_ptr<RawInput> input(new RawInput(stream.name, kNoDescriptor));
  input->stream_ = &stream;
  return input;
}

// Until there is something to read or the other end is closed.
Result<void> RawInput::wait_for_bytes() const {
  constexpr int kMilliseconds = 100;
  while (true) {
    if (stopped_ || (cancelled_ != nullptr && *cancelled_)) {
      return fail(ErrorCode::kCancelled, "The import was cancelled; the store is as it was.");
    }
    pollfd waiting{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, kMilliseconds);
    // What is wrong with the descriptor is for read() to say.
    if (ready > 0 || (ready < 0 && errno != EINTR)) return {};
  }
}

Result<std::size_t> RawInput::read_file(char* out, std::size_t size) {
  const std::optional<std::size_t> got = file_->read_at(taken_ + peeked_.size(), out, size);
  if (got) return *got;
  return fail(ErrorCode::kIo,
              fmt::format("Cannot read the input: {} ({}).", path_, std::strerror(errno)));
}

Result<std::size_t> RawInput::read_pipe(char* out, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    if (Result<void> waited = wait_for_bytes(); !waited) return pass(waited);
    const ssize_t got = ::read(descriptor_, out + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return fail(ErrorCode::kIo,
                  fmt::format("Cannot read the input: {} ({}).", path_, std::strerror(errno)));
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::size_t> RawInput::read_stream(char* out, std::size_t size) {
  if (stopped_) return fail(ErrorCode::kCancelled, "The import was cancelled.");
  Result<std::size_t> got = stream_->read(out, size);
  if (got && *got > size) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The stream gave more bytes than it was asked for: {} ({} of {}). Its "
                            "function must stay within the size that it gets.",
                            path_, *got, size));
  }
  return got;
}

Result<std::size_t> RawInput::read_bytes(char* out, std::size_t size) {
  Result<std::size_t> got = stream_ != nullptr ? read_stream(out, size)
                            : file_ != nullptr ? read_file(out, size)
                                               : read_pipe(out, size);
  if (got) hash_.add(std::string_view(out, *got));
  return got;
}

Result<std::string> RawInput::peek(std::size_t size) {
  if (peeked_.size() < size) {
    std::string more(size - peeked_.size(), '\0');
    Result<std::size_t> got = read_bytes(more.data(), more.size());
    if (!got) return pass(got);
    peeked_.append(more, 0, *got);
  }
  return peeked_.substr(0, size);
}

Result<std::size_t> RawInput::read(char* out, std::size_t size) {
  const std::size_t from_peeked = std::min(size, peeked_.size());
  std::memcpy(out, peeked_.data(), from_peeked);
  peeked_.erase(0, from_peeked);
  taken_ += from_peeked;
  Result<std::size_t> got = read_bytes(out + from_peeked, size - from_peeked);
  if (!got) return got;
  taken_ += *got;
  if (Result<void> checked = check_size(from_peeked + *got < size); !checked) return pass(checked);
  return from_peeked + *got;
}

Result<void> RawInput::take(const char* bytes, std::size_t got, std::size_t asked) {
  hash_.add(std::string_view(bytes, got));
  taken_ += got;
  return check_size(got < asked);
}

Result<void> RawInput::check_size(bool at_end) const {
  // A file that shrank meanwhile must not pass as a shorter one, nor half of what grew as a whole.
  if (total_ > 0 && (taken_ > total_ || (at_end && taken_ < total_))) {
    return fail(ErrorCode::kIo,
                fmt::format("The input file changed while it was read: {} (it had {} bytes, but {} "
                            "{}). Import it again once it is complete.",
                            path_, total_, taken_.load() < total_ ? "ended at" : "went on to",
                            taken_.load()));
  }
  return {};
}

std::uint64_t RawInput::hash() const {
  return hash_.value();
}

}  // namespace stave::loading
