// Where the rows of a segment go: by cluster, the unknown last, then by time, then as they came.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/manifest.h"

namespace stave::loading {

struct SegmentOrder {
  std::vector<std::uint32_t> places;  // of the rows in input order; empty: they stay where they are
  std::vector<ClusterRun> runs;
};

// `times`: in any unit, from 0; empty: rows have none. `clusters`: codes; empty: the segment is one
// run of the null.
SegmentOrder order_segment(std::uint32_t rows, std::span<const std::uint64_t> times,
                           std::span<const std::uint32_t> clusters);

}  // namespace stave::loading
