// Aggregates that rows enter and leave, one frame after another.
// Invariant: a row leaves only after it entered, and rows leave in the order in which they entered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/context.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_locator.h"
#include "engine/operators/row_values.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

// The argument's values, shared by the accumulators of all threads.
struct MovingInput {
  const EvaluatedColumns* columns = nullptr;  // one column
  const RowLocator* locator = nullptr;
  std::vector<std::uint32_t> ids;  // kDistinct: equal for equal values; by row
};

// Where results go: numbers, or rows whose argument is the result (min and max).
struct MovingOutput {
  RowValues* numbers = nullptr;
  std::vector<RowNumber>* picks = nullptr;
};

class MovingAccumulator {
 public:
  virtual ~MovingAccumulator() = default;
  virtual void clear() = 0;
  virtual void enter(RowNumber row) = 0;
  virtual void leave(RowNumber row) = 0;
  // Sets the result of `row` from the rows that are in.
  virtual Result<void> put(RowNumber row, const MovingOutput& output) const = 0;
};

// Whether an aggregate can move; the others are kUnsupported.
bool can_move(AggregateFunction function);
bool picks_rows(AggregateFunction function);  // min and max

std::unique_ptr<MovingAccumulator> make_moving_accumulator(const WindowCall& call,
                                                           const MovingInput& input);

}  // namespace stave
