// Each wrapper asks for a verdict and then calls what it wraps. Names on the linker's side are
// given as assembler labels.
#include "tests/campaign/support/system_calls.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <map>
#include <mutex>
#include <set>

namespace stave::campaign {
namespace {

// How a call may fail beside returning an error.
enum Ways : unsigned { kOnlyErrors = 0, kMayBeInterrupted = 1, kMayBeShort = 2 };

struct Recorder {
  std::mutex mutex;
  bool is_on = false;
  SystemCallPlan plan;
  SystemCallRecord record;
  std::map<int, std::string> paths;  // of descriptors
  std::set<int> files;               // descriptors of files that are written
  std::set<int> dead;
};

Recorder& recorder() {
  static Recorder one;
  return one;
}

bool may_fail_so(SystemFault fault, unsigned ways) {
  switch (fault) {
    case SystemFault::kError:
      return true;
    case SystemFault::kInterrupted:
      return (ways & kMayBeInterrupted) != 0;
    case SystemFault::kShort:
      return (ways & kMayBeShort) != 0;
  }
  return false;
}

// Whether this call fails in the way of the plan. The mutex is held.
bool fails(Recorder& state, const char* call, const std::string& path, unsigned ways) {
  if (!state.is_on || !may_fail_so(state.plan.fault, ways)) {
    return false;
  }
  const std::uint64_t number = ++state.record.calls;
  const SystemCallPlan& plan = state.plan;
  if (plan.call == 0 || number < plan.call || (number > plan.call && !plan.for_good)) {
    return false;
  }
  if (plan.fault == SystemFault::kInterrupted && (number - plan.call) % 2 != 0) {
    return false;
  }
  if (state.record.failed_call.empty()) {
    state.record.failed_call = std::string(call) + " " + path;
  }
  return true;
}

int number_of(const SystemCallPlan& plan) {
  return plan.fault == SystemFault::kInterrupted ? EINTR : plan.number;
}

// True, with errno set, where the call fails.
bool refuse(const char* call, const std::string& path, unsigned ways = kOnlyErrors) {
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  if (!fails(state, call, path, ways)) {
    return false;
  }
  errno = number_of(state.plan);
  return true;
}

std::string path_of(int descriptor) {
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  const auto found = state.paths.find(descriptor);
  return found == state.paths.end() ? std::string() : found->second;
}

// As `refuse`, of calls that transfer bytes: a short one sets `size` to less.
bool refuse_transfer(const char* call, int descriptor, std::size_t& size) {
  const std::string path = path_of(descriptor);
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  const unsigned ways = kMayBeInterrupted | (size > 1 ? kMayBeShort : kOnlyErrors);
  state.record.calls_on_dead_files += state.dead.count(descriptor);
  if (!fails(state, call, path, ways)) {
    return false;
  }
  if (state.plan.fault == SystemFault::kShort) {
    size = std::max<std::size_t>(size / 2, 1);
    return false;
  }
  if (state.plan.fault == SystemFault::kError && state.files.contains(descriptor)) {
    state.dead.insert(descriptor);
  }
  errno = number_of(state.plan);
  return true;
}

void opened(int descriptor, const std::string& path, int flags) {
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  if (descriptor >= 0) {
    state.paths[descriptor] = path;
    state.dead.erase(descriptor);
    state.files.erase(descriptor);
    if ((flags & O_APPEND) != 0) {
      state.files.insert(descriptor);
    }
  }
}

extern "C" {

int real_openat(int folder, const char* path, int flags, ...) asm("__real_openat");
int wrapped_openat(int folder, const char* path, int flags, ...) asm("__wrap_openat");
int wrapped_openat(int folder, const char* path, int flags, ...) {
  if (refuse("openat", path, kMayBeInterrupted)) {
    return -1;
  }
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  const int descriptor = real_openat(folder, path, flags, mode);
  opened(descriptor, path, flags);
  return descriptor;
}

ssize_t real_write(int file, const void* bytes, std::size_t size) asm("__real_write");
ssize_t wrapped_write(int file, const void* bytes, std::size_t size) asm("__wrap_write");
ssize_t wrapped_write(int file, const void* bytes, std::size_t size) {
  return refuse_transfer("write", file, size) ? -1 : real_write(file, bytes, size);
}

ssize_t real_pwrite(int file, const void* bytes, std::size_t size, off_t at) asm("__real_pwrite");
ssize_t wrapped_pwrite(int file, const void* bytes, std::size_t size,
                       off_t at) asm("__wrap_pwrite");
ssize_t wrapped_pwrite(int file, const void* bytes, std::size_t size, off_t at) {
  return refuse_transfer("pwrite", file, size) ? -1 : real_pwrite(file, bytes, size, at);
}

ssize_t real_pread(int file, void* bytes, std::size_t size, off_t at) asm("__real_pread");
ssize_t wrapped_pread(int file, void* bytes, std::size_t size, off_t at) asm("__wrap_pread");
ssize_t wrapped_pread(int file, void* bytes, std::size_t size, off_t at) {
  return refuse_transfer("pread", file, size) ? -1 : real_pread(file, bytes, size, at);
}

int wrapped_fsync(int file) asm("__wrap_fsync");
int wrapped_fsync(int file) {
  const std::string path = path_of(file);
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  state.record.calls_on_dead_files += state.dead.count(file);
  if (!fails(state, "fsync", path, kMayBeInterrupted)) {
    return 0;
  }
  if (state.plan.fault == SystemFault::kError && state.files.contains(file)) {
    state.dead.insert(file);
    ++state.record.failed_syncs_of_files;
  }
  errno = number_of(state.plan);
  return -1;
}

int real_renameat(int a, const char* from, int b, const char* to) asm("__real_renameat");
int wrapped_renameat(int a, const char* from, int b, const char* to) asm("__wrap_renameat");
int wrapped_renameat(int a, const char* from, int b, const char* to) {
  return refuse("renameat", from) ? -1 : real_renameat(a, from, b, to);
}

int real_unlinkat(int folder, const char* path, int flags) asm("__real_unlinkat");
int wrapped_unlinkat(int folder, const char* path, int flags) asm("__wrap_unlinkat");
int wrapped_unlinkat(int folder, const char* path, int flags) {
  return refuse("unlinkat", path) ? -1 : real_unlinkat(folder, path, flags);
}

int real_mkdirat(int folder, const char* path, mode_t mode) asm("__real_mkdirat");
int wrapped_mkdirat(int folder, const char* path, mode_t mode) asm("__wrap_mkdirat");
int wrapped_mkdirat(int folder, const char* path, mode_t mode) {
  return refuse("mkdirat", path) ? -1 : real_mkdirat(folder, path, mode);
}

int real_fstat(int file, struct stat* status) asm("__real_fstat");
int wrapped_fstat(int file, struct stat* status) asm("__wrap_fstat");
int wrapped_fstat(int file, struct stat* status) {
  return refuse("fstat", path_of(file)) ? -1 : real_fstat(file, status);
}

int real_fstatat(int folder, const char* path, struct stat* status,
                 int flags) asm("__real_fstatat");
int wrapped_fstatat(int folder, const char* path, struct stat* status,
                    int flags) asm("__wrap_fstatat");
int wrapped_fstatat(int folder, const char* path, struct stat* status, int flags) {
  return refuse("fstatat", path) ? -1 : real_fstatat(folder, path, status, flags);
}

void* real_mmap(void* at, std::size_t size, int protection, int flags, int file,
                off_t offset) asm("__real_mmap");
void* wrapped_mmap(void* at, std::size_t size, int protection, int flags, int file,
                   off_t offset) asm("__wrap_mmap");
void* wrapped_mmap(void* at, std::size_t size, int protection, int flags, int file, off_t offset) {
  return refuse("mmap", path_of(file)) ? MAP_FAILED
                                       : real_mmap(at, size, protection, flags, file, offset);
}

int real_ftruncate(int file, off_t size) asm("__real_ftruncate");
int wrapped_ftruncate(int file, off_t size) asm("__wrap_ftruncate");
int wrapped_ftruncate(int file, off_t size) {
  return refuse("ftruncate", path_of(file), kMayBeInterrupted) ? -1 : real_ftruncate(file, size);
}

// With a pointer or an integer, or with nothing: passed on as it came.
int real_fcntl(int file, int command, ...) asm("__real_fcntl");
int wrapped_fcntl(int file, int command, ...) asm("__wrap_fcntl");
int wrapped_fcntl(int file, int command, ...) {
  std::va_list more;
  va_start(more, command);
  void* const argument = va_arg(more, void*);
  va_end(more);
  return refuse("fcntl", path_of(file)) ? -1 : real_fcntl(file, command, argument);
}

DIR* real_fdopendir(int folder) asm("__real_fdopendir");
DIR* wrapped_fdopendir(int folder) asm("__wrap_fdopendir");
DIR* wrapped_fdopendir(int folder) {
  return refuse("fdopendir", path_of(folder)) ? nullptr : real_fdopendir(folder);
}

struct dirent* real_readdir(DIR* folder) asm("__real_readdir");
struct dirent* wrapped_readdir(DIR* folder) asm("__wrap_readdir");
struct dirent* wrapped_readdir(DIR* folder) {
  return refuse("readdir", "") ? nullptr : real_readdir(folder);
}

}  // extern "C"

}  // namespace

void plan_system_calls(const SystemCallPlan& plan) {
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  state.is_on = true;
  state.plan = plan;
  state.record = {};
  state.dead.clear();
}

SystemCallRecord finish_system_calls() {
  Recorder& state = recorder();
  const std::lock_guard guard(state.mutex);
  state.is_on = false;
  return state.record;
}

}  // namespace stave::campaign
