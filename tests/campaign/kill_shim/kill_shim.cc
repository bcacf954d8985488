// Loaded into the real `stave` (LD_PRELOAD): kills the process at the n-th call that changes files.
//   STAVE_KILL_AT=CALL:PART:N:WHEN   the N-th CALL (`any` for all) whose path holds PART (may be
//                                    empty), WHEN before or after the kernel did it
//   STAVE_KILL_LOG=FILE              appends a line `CALL PATH` for each call, to count them first
// Invariant: what a call does is left as it is.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Point {
  char call[32] = "";
  char part[256] = "";
  long number = 0;
  bool is_before = true;
};

Point parse_point() {
  Point point;
  const char* text = std::getenv("STAVE_KILL_AT");
  char when[16] = "";
  if (text != nullptr) {
    // An empty part is written as "-".
    std::sscanf(text, "%31[^:]:%255[^:]:%ld:%15s", point.call, point.part, &point.number, when);
    point.is_before = std::strcmp(when, "before") == 0;
    if (std::strcmp(point.part, "-") == 0) {
      point.part[0] = '\0';
    }
  }
  return point;
}

const Point& point() {
  static const Point kPoint = parse_point();
  return kPoint;
}

void log_call(const char* call, const char* path) {
  static const char* const kLog = std::getenv("STAVE_KILL_LOG");
  if (kLog == nullptr) {
    return;
  }
  char line[4300];
  const int size = std::snprintf(line, sizeof(line), "%s %s\n", call, path);
  const long file = syscall(SYS_openat, AT_FDCWD, kLog, O_WRONLY | O_CREAT | O_APPEND, 0644);
  syscall(SYS_write, file, line, static_cast<std::size_t>(size));
  syscall(SYS_close, file);
}

// One call; `path` is empty for those on descriptors.
class Call {
 public:
  Call(const char* call, const char* path) {
    static std::atomic<long> count = 0;
    log_call(call, path);
    const bool matches =
        (std::strcmp(point().call, "any") == 0 || std::strcmp(point().call, call) == 0) &&
        std::strstr(path, point().part) != nullptr;
    is_it_ = matches && ++count == point().number;
    if (is_it_ && point().is_before) {
      die();
    }
  }
  ~Call() {
    if (is_it_) {
      die();
    }
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  static void die() { syscall(SYS_kill, getpid(), SIGKILL); }

  bool is_it_ = false;
};

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool is_standard(int file) {
  return file <= STDERR_FILENO;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto kNext = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (is_standard(file)) {
    return kNext(file, bytes, size);
  }
  const Call call("write", "");
  return kNext(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static const auto kNext = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  const Call call("write", "");
  return kNext(file, bytes, size, offset);
}

int fsync(int file) {
  static const auto kNext = next<int (*)(int)>("fsync");
  const Call call("fsync", "");
  return kNext(file);
}

int ftruncate(int file, off_t size) noexcept {
  static const auto kNext = next<int (*)(int, off_t)>("ftruncate");
  const Call call("ftruncate", "");
  return kNext(file, size);
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  static const auto kNext = next<int (*)(int, const char*, mode_t)>("mkdirat");
  const Call call("mkdir", path);
  return kNext(folder, path, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  static const auto kNext = next<int (*)(int, const char*, int, ...)>("openat");
  va_list rest;
  va_start(rest, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  if ((flags & O_CREAT) == 0) {
    return kNext(folder, path, flags, mode);
  }
  const Call call("create", path);
  return kNext(folder, path, flags, mode);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static const auto kNext = next<int (*)(int, const char*, int, const char*)>("renameat");
  const Call call("rename", to);
  return kNext(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned int flags) noexcept {
  static const auto kNext =
      next<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2");
  const Call call("rename", to);
  return kNext(from_folder, from, to_folder, to, flags);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static const auto kNext = next<int (*)(int, const char*, int)>("unlinkat");
  const Call call("unlink", path);
  return kNext(folder, path, flags);
}

}  // extern "C"
