// The place of strings among those of their group: enough where only rows of one group are ever
// compared, and far less work than ranks among all where groups are small.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_locator.h"
#include "stave/result.h"

namespace stave {

// A stretch of a list of row numbers.
struct RowGroup {
  std::size_t first = 0;
  std::size_t size = 0;
};

struct GroupedRows {
  std::span<const RowNumber> rows;
  std::span<const RowGroup> groups;

  // Sorting each group by itself is then cheaper than all values that occur.
  bool are_small() const {
    constexpr std::size_t kSmallGroup = 64;
    return rows.size() <= groups.size() * kSmallGroup;
  }
};

// Ranks 0, 1, ... of a column of strings, plain or coded, by row over all batches; those of nulls
// and of rows in no group mean nothing.
Result<std::vector<std::uint32_t>> ranks_in_groups(const EvaluatedColumns& columns,
                                                   std::size_t column, const GroupedRows& grouped,
                                                   ExecutionContext& context);

}  // namespace stave
