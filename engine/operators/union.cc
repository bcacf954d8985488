// Union: the batches of all inputs in order, their columns made alike.
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/operators/operators.h"
#include "engine/operators/unify.h"
#include "engine/spill/merge_runs.h"
#include "engine/spill/row_collector.h"

namespace stave {

namespace {

Result<Relation> union_on_disk(const std::vector<Field>& fields,
                               const std::vector<Relation>& inputs, ExecutionContext& context) {
  const std::vector<ColumnShape> shapes = common_shapes(inputs, fields);
  RowCollector output(fields, context);
  for (const Relation& input : inputs) {
    for (std::size_t item = 0; item < batches_of(input); ++item) {
      if (auto running = context.check_cancelled(); !running) {
        return pass(running);
      }
      auto batch = batch_of(input, item);
      if (!batch) {
        return pass(std::move(batch));
      }
      for (std::size_t column = 0; column < fields.size(); ++column) {
        batch->columns[column] = as_shape(batch->columns[column], shapes[column]);
      }
      if (auto added = output.add(*std::move(batch)); !added) {
        return pass(added);
      }
    }
  }
  return output.finish();
}

}  // namespace

Result<Relation> run_union(const UnionNode&, const std::vector<Field>& fields,
                           std::vector<Relation> inputs, ExecutionContext& context) {
  const bool any_on_disk = std::any_of(
      inputs.begin(), inputs.end(), [](const Relation& input) { return input.spilled != nullptr; });
  if (any_on_disk) {
    return union_on_disk(fields, inputs, context);
  }
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
