// share(x): x as a part of its partition's sum. The sum is exact; both are rounded to f64 once
// and divided, and by a sum of zero or null the share is null.
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/window_functions.h"

namespace stave {

namespace {

// Wide enough that no sum that a store can hold is outside it.
Type type_of_sum(Type type) {
  return type.kind == TypeKind::kFloat64
             ? type
             : decimal_type(kMaxDecimalPrecision,
                            type.kind == TypeKind::kDecimal ? type.scale : std::uint8_t{0});
}

}  // namespace

Result<std::vector<Vector>> window_share(const WindowCall& call,
                                         const std::shared_ptr<const Relation>& input,
                                         ExecutionContext& context) {
  const Expression& argument = call.arguments[0];
  WindowCall sum = call;
  sum.function = WindowFunction::kAggregate;
  sum.aggregate = AggregateFunction::kSum;
  sum.sort.clear();
  sum.type = type_of_sum(argument.type);
  sum.arguments = {cast_expression(sum.type, argument)};
  auto sums = window_whole_aggregates({sum}, input, context);
  if (!sums) {
    return pass(std::move(sums));
  }
  Relation with_sums = *input;
  with_sums.fields.push_back({sum.name, sum.type});
  for (std::size_t item = 0; item < with_sums.batches.size(); ++item) {
    with_sums.batches[item].columns.push_back(std::move((*sums)[0][item]));
  }
  const Expression sum_column = column_expression(input->fields.size(), sum.type);
  const Expression share = call_expression(
      Function::kDivide, kFloat64Type,
      {cast_expression(kFloat64Type, argument), cast_expression(kFloat64Type, sum_column)});
  auto shares = evaluate_all({share}, with_sums, context);
  if (!shares) {
    return pass(std::move(shares));
  }
  std::vector<Vector> vectors;
  for (Batch& batch : shares->batches) {
    vectors.push_back(std::move(batch.columns[0]));
  }
  return vectors;
}

}  // namespace stave
