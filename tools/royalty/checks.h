// What must hold of every run; one that breaks it is not stored.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "stave/royalty.h"
#include "storage/checksum.h"
#include "tools/royalty/money.h"

namespace stave::royalty {

struct TrackHash {
  std::size_t operator()(std::string_view track) const { return checksum_of(track); }
};

// What is checked of a line.
struct LineParts {
  std::optional<std::string_view> track;  // of a text that outlives the sums
  std::string_view kind;
  std::int64_t percent = 0;  // in millionths
  Int128 amount = 0;         // in hundredths
};

// Of one pool.
struct PoolSums {
  Total shares, top_ups, unallocated;
  // Of tracks, over rights-holders.
  boost::unordered_flat_map<std::string_view, std::int64_t, TrackHash> millionths;

  Result<void> add(const LineParts& line, std::uint64_t pool);
};

// Lines sum to the pools plus top-ups, splits to 100, no line lacks a track, and every play is
// counted or left out for a reason.
Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums);

}  // namespace stave::royalty
