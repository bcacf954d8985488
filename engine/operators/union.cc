// Union: the batches of all inputs in order, their columns made alike.
#include <utility>
#include <vector>

#include "engine/operators/operators.h"
#include "engine/operators/unify.h"

namespace stave {

Result<Relation> run_union(const UnionNode&, const std::vector<Field>& fields,
                           std::vector<Relation> inputs, ExecutionContext& context) {
  for (std::size_t column = 0; column < fields.size(); ++column) {
    const auto running = context.check_cancelled();
    if (!running) {
      return pass(running);
    }
    unify_column(inputs, column, fields[column].type);
  }
  Relation output;
  output.fields = fields;
  for (Relation& input : inputs) {
    output.rows += input.rows;
    for (Batch& batch : input.batches) {
      output.batches.push_back(std::move(batch));
    }
  }
  return output;
}

}  // namespace stave
