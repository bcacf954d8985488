// Makes the n-th system call of the store's POSIX files fail, be interrupted or transfer less than
// was asked. The linker leads these calls of the test binary here (`--wrap`, see
// tests/CMakeLists.txt), so that the very code that users run is what meets the faults.
// Invariant: without a plan every call does what it always does, but fsync, which costs time and
// proves nothing in a test, and only succeeds.
#pragma once

#include <cstdint>
#include <string>

namespace stave::campaign {

enum class SystemFault {
  kError,        // `number` of any call
  kInterrupted,  // EINTR, of calls that may have it; for good: every other of them
  kShort,        // half of what was to be read or written
};

struct SystemCallPlan {
  std::uint64_t call = 0;  // from 1, of those that may fail so; 0: none
  SystemFault fault = SystemFault::kError;
  int number = 0;
  bool for_good = false;
};

// What came of a plan.
struct SystemCallRecord {
  std::uint64_t calls = 0;  // that may fail so
  std::string failed_call;  // the first, e.g. "fsync plays/20209/at-000001.col"; empty: none
  std::uint64_t failed_syncs_of_files = 0;
  std::uint64_t calls_on_dead_files = 0;  // after a failed write or fsync, on the same descriptor
};

// Calls are counted and fail from here to `finish`. One plan at a time in a process.
void plan_system_calls(const SystemCallPlan& plan);
SystemCallRecord finish_system_calls();

}  // namespace stave::campaign
