// Operator new of this test binary, which throws bad_alloc where a test wants it to.
#pragma once

#include <cstdint>

namespace stave::campaign {

struct AllocationPlan {
  std::uint64_t allocation = 0;  // from 1, on any thread
  bool for_good = false;         // every later one too
};

// From here to `finish_allocations`.
void plan_allocations(const AllocationPlan& plan);
// How many failed.
std::uint64_t finish_allocations();

}  // namespace stave::campaign
