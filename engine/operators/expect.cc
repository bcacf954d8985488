// Expect: a condition that must be true for every row, and the first row for which it is not.
#include <fmt/format.h>

#include "engine/operators/describe_row.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/operators.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/spill/row_collector.h"

namespace stave {

namespace {

// Piece by piece.
Result<Relation> expect_on_disk(const ExpectNode& node, const std::vector<Field>& fields,
                                Relation input, ExecutionContext& context) {
  for (std::size_t item = 0; item < batches_of(input); ++item) {
    auto batch = batch_of(input, item);
    if (!batch) {
      return pass(std::move(batch));
    }
    Relation piece;
    piece.fields = input.fields;
    piece.rows = batch->rows;
    piece.batches.push_back(*std::move(batch));
    if (auto checked = run_expect(node, fields, std::move(piece), context); !checked) {
      return checked;
    }
  }
  input.fields = fields;
  return input;
}

}  // namespace

Result<Relation> run_expect(const ExpectNode& node, const std::vector<Field>& fields,
                            Relation input, ExecutionContext& context) {
  if (input.spilled) {
    return expect_on_disk(node, fields, std::move(input), context);
  }
  const auto conditions = evaluate_all({node.condition}, input, context);
  if (!conditions) {
    return pass(conditions);
  }
  for (std::size_t item = 0; item < input.batches.size(); ++item) {
    const Vector& condition = conditions->batches[item].columns[0];
    const auto* values = condition.values<std::uint8_t>();
    for (std::uint32_t row = 0; row < condition.size; ++row) {
      if (!is_null_at(condition, row) && values[row] != 0) {
        continue;
      }
      return fail(ErrorCode::kEvaluation,
                  fmt::format("{} The first row that breaks it: {}.", node.message,
                              describe_row(names_of(fields), input.batches[item].columns, row)));
    }
  }
  input.fields = fields;
  return input;
}

}  // namespace stave
