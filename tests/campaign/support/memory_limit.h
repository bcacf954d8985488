// No input may make the library ask for more memory than stated: beyond the limit an allocation
// fails, which shows as kOutOfMemory. Under the address sanitizer the limit is that of
// ASAN_OPTIONS=max_allocation_size_mb (tests/CMakeLists.txt), which ends the process.
#pragma once

#include <sys/resource.h>

namespace stave::campaign {

class MemoryLimit {
 public:
  // So many bytes above what the process has now, until the end of this object's life.
  explicit MemoryLimit(unsigned long bytes);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace stave::campaign
