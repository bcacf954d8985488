// Expressions over a whole relation in memory, batch by batch in parallel.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/expression.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// One vector for each expression in each batch; the batches are those of the input.
struct EvaluatedColumns {
  std::vector<ColumnShape> shapes;
  std::vector<Batch> batches;
};

Result<EvaluatedColumns> evaluate_all(const std::vector<Expression>& expressions,
                                      const Relation& input, ExecutionContext& context);

}  // namespace stave
