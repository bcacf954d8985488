// What must hold of every run; one that breaks it is not stored.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>

#include "stave/royalty.h"
#include "storage/checksum.h"
#include "tools/royalty/money.h"

namespace stave::royalty {

struct TrackHash {
  std::size_t operator()(const std::string& track) const { return checksum_of(track); }
};

// Of one pool.
struct PoolSums {
  Total shares, top_ups, unallocated;
  // Of tracks, over rights-holders.
  boost::unordered_flat_map<std::string, std::int64_t, TrackHash> millionths;

  Result<void> add(const RoyaltyLine& line, Int128 amount);
};

// Lines sum to the pools plus top-ups, splits to 100, no line lacks a track, and every play is
// counted or left out for a reason.
Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums);

}  // namespace stave::royalty
