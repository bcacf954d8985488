#include "tests/campaign/support/memory_limit.h"

#include <unistd.h>

#include <fstream>

namespace stave::campaign {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kLimits = false;  // it reserves terabytes of addresses
#else
constexpr bool kLimits = true;
#endif

}  // namespace

MemoryLimit::MemoryLimit(unsigned long bytes) {
  unsigned long pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  getrlimit(RLIMIT_AS, &before_);
  if (kLimits && pages > 0) {
    rlimit limit = before_;
    limit.rlim_cur = pages * static_cast<unsigned long>(sysconf(_SC_PAGESIZE)) + bytes;
    setrlimit(RLIMIT_AS, &limit);
  }
}

MemoryLimit::~MemoryLimit() {
  setrlimit(RLIMIT_AS, &before_);
}

}  // namespace stave::campaign
