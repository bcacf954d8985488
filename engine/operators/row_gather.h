// Rows of a relation picked by number into new batches: the last step of everything that orders or
// joins. Invariant: a new batch holds its own values and text, so the relation it came from can go.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/operators/row_locator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// The rows of a batch that an operator makes.
std::uint32_t output_batch_rows(const ExecutionContext& context);

// Does not own the batches.
class RowGatherer {
 public:
  RowGatherer(std::span<const Batch> batches, std::vector<ColumnShape> shapes);
  explicit RowGatherer(const Relation& relation);

  const std::vector<ColumnShape>& shapes() const { return shapes_; }
  const RowLocator& locator() const { return locator_; }

  // kNoRow gives null. Thread-safe.
  Batch gather(std::span<const RowNumber> rows) const;
  // The columns that are not wanted stay empty.
  Batch gather(std::span<const RowNumber> rows, const std::vector<bool>& wanted) const;

 private:
  std::span<const Batch> batches_;
  std::vector<ColumnShape> shapes_;
  RowLocator locator_;
};

// All of `rows`, in this order, as a relation.
Result<Relation> gather_rows(const Relation& input, const std::vector<Field>& fields,
                             std::span<const RowNumber> rows, ExecutionContext& context);

}  // namespace stave
