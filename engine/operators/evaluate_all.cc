// See evaluate_all.h.
#include "engine/operators/evaluate_all.h"

namespace stave {

Result<EvaluatedColumns> evaluate_all(const std::vector<Expression>& expressions,
                                      const Relation& input, ExecutionContext& context) {
  auto evaluator = Evaluator::prepare(expressions, shapes_of(input), input.rows, context);
  if (!evaluator) {
    return pass(std::move(evaluator));
  }
  EvaluatedColumns columns;
  columns.shapes = evaluator->shapes();
  columns.batches.resize(input.batches.size());
  std::vector<Evaluator::Scratch> scratches(static_cast<std::size_t>(context.threads()));
  const auto evaluated =
      context.parallel_for(input.batches.size(), [&](std::size_t item, int worker) {
        Batch& batch = columns.batches[item];
        batch.rows = input.batches[item].rows;
        return evaluator->evaluate(input.batches[item], scratches[static_cast<std::size_t>(worker)],
                                   batch.columns);
      });
  if (!evaluated) {
    return pass(evaluated);
  }
  return columns;
}

}  // namespace stave
