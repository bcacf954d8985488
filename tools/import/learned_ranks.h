// The codes of a load's clustering column by cluster, those with the most rows first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stave/result.h"
#include "storage/manifest.h"
#include "tools/import/load.h"

namespace stave::loading {

// Rows of each code of a column, by code.
Result<std::vector<std::uint32_t>> count_codes(const Load& load, std::size_t column,
                                               std::uint32_t codes);

struct RankedCodes {
  std::vector<std::uint32_t> codes;  // list after list, by cluster; only those that have rows
  std::vector<ClusterRun> lists;
};

// `cluster_of` by code - 1; codes beyond its end have the cluster 0.
RankedCodes rank_codes(const std::vector<std::uint32_t>& counts,
                       const std::vector<std::uint32_t>& cluster_of);

}  // namespace stave::loading
