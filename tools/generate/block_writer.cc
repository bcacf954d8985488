// A worker takes the next block, makes it, waits for its turn and writes it.
#include "tools/generate/block_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <vector>

namespace stave::generator {
namespace {

Failure io_failure(const std::string& what, const std::string& path) {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT) {
    return fail(
        ErrorCode::kNoSpace,
        fmt::format("The disk is full: cannot {} {}. Free some space or generate fewer rows.", what,
                    path));
  }
  return fail(ErrorCode::kIo, fmt::format("Cannot {} {} ({}).", what, path, std::strerror(error)));
}

class DumpFile {
 public:
  DumpFile() = default;
  DumpFile(const DumpFile&) = delete;
  DumpFile& operator=(const DumpFile&) = delete;
  ~DumpFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
      ::unlink(unfinished_.c_str());
    }
  }

  Result<void> open(const std::string& path) {
    path_ = path;
    unfinished_ = path + ".part";
    descriptor_ = ::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      return io_failure("create", unfinished_);
    }
    return {};
  }

  Result<void> write(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const auto written = ::write(descriptor_, text.data() + done, text.size() - done);
      if (written < 0 && errno != EINTR) {
        return io_failure("write", unfinished_);
      }
      done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    return {};
  }

  Result<void> finish() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) {
      return io_failure("write", unfinished_);
    }
    if (::rename(unfinished_.c_str(), path_.c_str()) != 0) {
      return io_failure("rename", unfinished_);
    }
    return {};
  }

 private:
  std::string path_;
  std::string unfinished_;
  int descriptor_ = -1;
};

// What the workers of one dump share.
struct Line {
  std::mutex mutex;
  std::condition_variable turn_changed;
  std::uint64_t turn = 0;
  std::optional<Error> error;
  std::atomic<std::uint64_t> next_block{0};
};

void work(const Dump& dump, DumpFile& file, const std::atomic<bool>* cancelled, Line& line) {
  std::string rows;
  for (;;) {
    const std::uint64_t block = line.next_block.fetch_add(1);
    if (block >= dump.blocks) {
      return;
    }
    std::optional<Error> failure;
    try {
      rows.clear();
      dump.make_block(block, rows);
    } catch (const std::bad_alloc&) {
      failure = Error{ErrorCode::kIo, "Out of memory while generating rows. Use fewer threads."};
    }
    std::unique_lock lock(line.mutex);
    line.turn_changed.wait(lock, [&] { return line.turn == block || line.error; });
    if (!line.error && failure) {
      line.error = failure;
    }
    if (!line.error && cancelled != nullptr && cancelled->load()) {
      line.error = Error{ErrorCode::kCancelled, "Stopped before the dumps were complete."};
    }
    if (!line.error) {
      if (auto written = file.write(rows); !written) {
        line.error = written.error();
      }
    }
    if (line.error) {
      line.turn_changed.notify_all();
      return;
    }
    if (dump.on_block) {
      dump.on_block();
    }
    ++line.turn;
    line.turn_changed.notify_all();
  }
}

}  // namespace

Result<void> write_dump(const Dump& dump, int threads, const std::atomic<bool>* cancelled) {
  DumpFile file;
  if (auto opened = file.open(dump.path); !opened) {
    return opened;
  }
  if (auto written = file.write(dump.header); !written) {
    return written;
  }
  Line line;
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads && static_cast<std::uint64_t>(i) < dump.blocks; ++i) {
      workers.emplace_back([&] { work(dump, file, cancelled, line); });
    }
    work(dump, file, cancelled, line);
  }
  if (line.error) {
    return Failure(*line.error);
  }
  return file.finish();
}

}  // namespace stave::generator
