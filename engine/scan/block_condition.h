// What a predicate demands of one stored column, in the terms of block directories.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/context.h"
#include "engine/expression.h"
#include "engine/scan/table_source.h"

namespace stave {

// Only rows with low <= value <= high can pass and, where `values` is not empty, only those values.
struct BlockCondition {
  int column = -1;
  std::int64_t low = INT64_MIN;
  std::int64_t high = INT64_MAX;
  std::vector<std::int64_t> values;  // ascending
  // Whether all rows with such a value pass, and the predicate is false, not null, for all others
  // that hold one.
  bool is_exact = false;

  bool may_pass(const BlockSummary& block) const;
};

// Nothing where the predicate demands no range of one column.
std::optional<BlockCondition> block_condition(const Expression& predicate,
                                              const TableSource& source, const TimeZone& zone);

}  // namespace stave
