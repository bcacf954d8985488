// Facts that are clustered through a column of a dimension become stale where that column changes
// under codes that existed before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/transaction.h"

namespace stave {

// Whether some fact table is clustered through this column of this dimension.
bool is_clustered_through(const Schema& schema, const std::string& table,
                          const std::string& column);

// `before` and `after` are the column's codes by key code - 1; only keys up to `known_codes`
// existed before. Lists what changed with every fact table that holds segments.
Result<void> record_cluster_change(Transaction& transaction, const std::string& table,
                                   const std::string& column, std::uint32_t known_codes,
                                   std::span<const std::uint32_t> before,
                                   std::span<const std::uint32_t> after);

}  // namespace stave
