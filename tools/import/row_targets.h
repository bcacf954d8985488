// Which row of a dimension each row of a load goes to, and which rows of a file that repeats a key
// count.
#pragma once

#include <cstdint>
#include <vector>

#include "stave/result.h"
#include "tools/import/column_assembly.h"
#include "tools/import/load.h"

namespace stave::loading {

inline constexpr std::uint32_t kNoTarget = ~std::uint32_t{0};

struct RowTargets {
  std::vector<std::uint32_t> positions;  // by row of the load; kNoTarget: a duplicate
  std::uint64_t table_positions = 0;     // afterwards
  std::vector<bool> present;             // afterwards, by position
  bool are_rows = false;                 // a new table, whose positions are the rows of the load
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t duplicates = 0;
};

Result<RowTargets> find_row_targets(Load& load, const std::vector<ColumnConversion>& conversions,
                                    const TableState& table);

}  // namespace stave::loading
