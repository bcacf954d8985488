// A column computed row by row in any order, then cut into vectors that go with a relation's
// batches. Invariant: rows may be set from several threads as long as no two set the same one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_locator.h"
#include "engine/vector.h"
#include "stave/result.h"
#include "storage/int128.h"

namespace stave {

// Integers, decimals and f64. Rows that are never set are null.
class RowValues {
 public:
  RowValues(Type type, RowNumber rows);
  void set(RowNumber row, Int128 value);
  void set(RowNumber row, double value);
  std::vector<Vector> cut(std::span<const Batch> batches) const;

 private:
  Type type_;
  Representation representation_;
  std::shared_ptr<std::byte[]> values_;
  std::vector<std::uint8_t> is_set_;
};

// For each row of the batches, the value that the only column of `source` has in row picks[row];
// null for kNoRow.
Result<std::vector<Vector>> pick_values(std::span<const Batch> batches,
                                        const EvaluatedColumns& source,
                                        std::span<const RowNumber> picks,
                                        ExecutionContext& context);

}  // namespace stave
