// What must hold of every run; one that breaks it is not stored.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "stave/royalty.h"
#include "tools/royalty/money.h"

namespace stave::royalty {

// Of the lines of one pool.
struct PoolSums {
  Total shares, top_ups, unallocated;
};

// Lines sum to the pools plus top-ups, and every play is counted or left out for a reason.
Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums);

Failure does_not_add_up(const std::string& what);

}  // namespace stave::royalty
