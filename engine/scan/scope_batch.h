// The constants of scopes as rows: column 0 the day, column 1 the clustering value.
#pragma once

#include <vector>

#include "engine/evaluator.h"
#include "engine/scan/table_source.h"

namespace stave {

struct ScopeKey {
  std::int32_t day = kNoDay;
  bool has_code = false;
  std::uint32_t code = kNullCode;
};

std::vector<ColumnShape> scope_shapes_of(const TableSource& source);
Batch scope_batch(const std::vector<ScopeKey>& keys, const TableSource& source);

}  // namespace stave
