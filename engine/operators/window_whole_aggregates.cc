// Aggregates over whole partitions: grouping computes them once for each partition, then each row
// looks its group up by key, which for a coded key is one array access.
#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "engine/aggregate/aggregate.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/join_index.h"
#include "engine/operators/join_keys.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/window_functions.h"
#include "engine/pipeline.h"

namespace stave {

namespace {

Result<Relation> group(const std::vector<WindowCall>& calls,
                       const std::shared_ptr<const Relation>& input, ExecutionContext& context) {
  AggregateNode node;
  std::vector<Field> fields;
  for (const Expression& key : calls[0].per) {
    node.keys.push_back({fmt::format("per {}", fields.size()), key});
    fields.push_back({node.keys.back().name, key.type});
  }
  for (const WindowCall& call : calls) {
    node.aggregates.push_back(
        {call.aggregate, call.arguments, call.parameter, call.type, call.name});
    fields.push_back({call.name, call.type});
  }
  return run_aggregate(node, fields, Pipeline::over_relation(input), context);
}

// The first columns of a relation as evaluated columns.
EvaluatedColumns first_columns(const Relation& relation, std::size_t count) {
  EvaluatedColumns columns{shapes_of(relation), relation.batches};
  columns.shapes.resize(count);
  for (Batch& batch : columns.batches) {
    batch.columns.resize(count);
  }
  return columns;
}

}  // namespace

Result<std::vector<std::vector<Vector>>> window_whole_aggregates(
    const std::vector<WindowCall>& calls, const std::shared_ptr<const Relation>& input,
    ExecutionContext& context) {
  const std::vector<Expression>& per = calls[0].per;
  const auto groups = group(calls, input, context);
  if (!groups) {
    return pass(groups);
  }
  const auto own_keys = evaluate_all(per, *input, context);
  if (!own_keys) {
    return pass(own_keys);
  }
  const EvaluatedColumns group_keys = first_columns(*groups, per.size());
  const JoinKeys keys(own_keys->shapes, group_keys, std::vector<bool>(per.size(), true));
  const JoinIndex index(keys, keys.encode_right(group_keys));
  const RowGatherer gatherer(*groups);
  std::vector<bool> wanted(per.size(), false);
  wanted.resize(per.size() + calls.size(), true);

  std::vector<std::vector<Vector>> results(calls.size(),
                                           std::vector<Vector>(input->batches.size()));
  std::vector<JoinKeys::Encoded> encoded(static_cast<std::size_t>(context.threads()));
  const auto looked_up = context.parallel_for(
      input->batches.size(), [&](std::size_t item, int worker) -> Result<void> {
        const Batch& own = own_keys->batches[item];
        JoinKeys::Encoded& words = encoded[static_cast<std::size_t>(worker)];
        keys.encode_left(own.columns, own.rows, words);
        std::vector<RowNumber> rows(own.rows, kNoRow);
        for (std::uint32_t row = 0; row < own.rows; ++row) {
          const auto found = index.find(words.words.data() + row * keys.words_per_row());
          if (!found.empty()) {
            rows[row] = found[0];
          }
        }
        Batch values = gatherer.gather(rows, wanted);
        for (std::size_t call = 0; call < calls.size(); ++call) {
          results[call][item] = std::move(values.columns[per.size() + call]);
        }
        return {};
      });
  if (!looked_up) {
    return pass(looked_up);
  }
  return results;
}

}  // namespace stave
