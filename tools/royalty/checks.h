// What must hold of every run; one that breaks it is not stored.
#pragma once

#include <map>
#include <unordered_map>

#include "stave/royalty.h"
#include "tools/royalty/money.h"

namespace stave::royalty {

// Of one pool.
struct PoolSums {
  Total shares, top_ups, unallocated;
  std::unordered_map<std::string, std::int64_t> millionths;  // of tracks, over rights-holders

  Result<void> add(const RoyaltyLine& line, Int128 amount);
};

// Lines sum to the pools plus top-ups, splits to 100, no line lacks a track, and every play is
// counted or left out for a reason.
Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums);

}  // namespace stave::royalty
