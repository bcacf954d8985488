// Join: the right side in memory with an index by key, the left side read once, morsel by morsel.
#include <span>
#include <utility>
#include <vector>

#include "engine/operators/evaluate_all.h"
#include "engine/operators/join_probe.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/operators.h"

namespace stave {

namespace {

std::vector<ColumnShape> first_shapes(const std::vector<ColumnShape>& shapes, std::size_t count) {
  return {shapes.begin(), shapes.begin() + static_cast<std::ptrdiff_t>(count)};
}

Result<void> index_right(const JoinNode& node, const Relation& right, std::size_t left_fields,
                         JoinState& state, ExecutionContext& context) {
  const auto columns = evaluate_all(node.right_keys, right, context);
  if (!columns) {
    return pass(columns);
  }
  const std::vector<ColumnShape> left_keys(
      state.left_shapes.begin() + static_cast<std::ptrdiff_t>(left_fields),
      state.left_shapes.end());
  state.keys.emplace(left_keys, *columns, node.null_safe);
  state.index.emplace(*state.keys, state.keys->encode_right(*columns));
  return {};
}

Result<void> prepare_residual(const JoinNode& node, std::uint64_t rows, std::size_t left_fields,
                              JoinState& state, ExecutionContext& context) {
  std::vector<ColumnShape> shapes = first_shapes(state.left_shapes, left_fields);
  const std::vector<ColumnShape>& right = state.right->shapes();
  shapes.insert(shapes.end(), right.begin(), right.end());
  auto evaluator = Evaluator::prepare({*node.residual}, shapes, rows, context);
  if (!evaluator) {
    return pass(std::move(evaluator));
  }
  state.residual = std::move(*evaluator);
  return {};
}

// The right rows of a full join that nothing matched, beside nulls.
std::vector<Batch> unmatched_rows(const JoinState& state, std::size_t left_fields) {
  std::vector<RowNumber> rows;
  for (RowNumber row = 0; row < state.matched.size(); ++row) {
    if (state.matched[row].load(std::memory_order_relaxed) == 0) {
      rows.push_back(row);
    }
  }
  const RowGatherer no_left({}, first_shapes(state.left_shapes, left_fields));
  const std::size_t step = output_batch_rows(*state.context);
  std::vector<Batch> batches;
  for (std::size_t first = 0; first < rows.size(); first += step) {
    const auto part = std::span(rows).subspan(first, std::min(step, rows.size() - first));
    Batch batch = no_left.gather(std::vector<RowNumber>(part.size(), kNoRow));
    Batch right = state.right->gather(part);
    for (Vector& column : right.columns) {
      batch.columns.push_back(std::move(column));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

void append(std::vector<Batch>&& batches, Relation& output) {
  for (Batch& batch : batches) {
    output.rows += batch.rows;
    output.batches.push_back(std::move(batch));
  }
}

}  // namespace

Result<Relation> run_join(const JoinNode& node, const std::vector<Field>& fields,
                          const Pipeline& left, Relation right, ExecutionContext& context) {
  auto prepared = check_row_numbers(right.rows);
  if (!prepared) {
    return pass(prepared);
  }
  auto reader = MorselReader::open(left, node.left_keys, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  const std::size_t left_fields = left.fields().size();
  const RowGatherer right_gatherer(right);
  Reservation memory(context);
  JoinState state;
  state.node = &node;
  state.left_fields = &left.fields();
  state.left_shapes = reader->shapes();
  state.right = &right_gatherer;
  state.memory = &memory;
  state.context = &context;
  if (!node.left_keys.empty()) {
    prepared = index_right(node, right, left_fields, state, context);
  }
  if (prepared && node.residual) {
    prepared = prepare_residual(node, left.rows(), left_fields, state, context);
  }
  if (!prepared) {
    return pass(prepared);
  }
  if (node.kind == JoinKind::kFull) {
    state.matched = std::vector<std::atomic<std::uint8_t>>(right.rows);
  }

  std::vector<Evaluator::Scratch> scratches(static_cast<std::size_t>(context.threads()));
  std::vector<std::vector<Batch>> made(reader->size());
  const auto joined = context.parallel_for(reader->size(), [&](std::size_t item, int worker) {
    auto batch = reader->read(item, worker);
    if (!batch) {
      return Result<void>(pass(std::move(batch)));
    }
    auto batches = JoinProbe(state, *batch, scratches[static_cast<std::size_t>(worker)]).run();
    if (!batches) {
      return Result<void>(pass(std::move(batches)));
    }
    made[item] = std::move(*batches);
    return Result<void>();
  });
  if (!joined) {
    return pass(joined);
  }
  Relation output;
  output.fields = fields;
  for (std::vector<Batch>& batches : made) {
    append(std::move(batches), output);
  }
  append(unmatched_rows(state, left_fields), output);
  return output;
}

}  // namespace stave
