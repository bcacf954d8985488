// Join: the right side in memory with an index by key, the left side read once, morsel by morsel.
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/operators/evaluate_all.h"
#include "engine/operators/join_probe.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/operators.h"
#include "engine/spill/join_on_disk.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/spill_space.h"

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

Result<void> append(std::vector<Batch>&& batches, RowCollector& output) {
  for (Batch& batch : batches) {
    if (auto added = output.add(std::move(batch)); !added) {
      return added;
    }
  }
  return {};
}

// Encoded keys and the index by them.
std::uint64_t work_bytes(const JoinNode& node, const Relation& right) {
  return right.rows * (node.left_keys.size() + 3) * sizeof(std::uint64_t);
}

Result<Relation> join_in_memory(const JoinNode& node, const std::vector<Field>& fields,
                                const Pipeline& left, const Relation& right_rows,
                                ExecutionContext& context, JoinAttempt& attempt) {
  auto prepared = check_row_numbers(right_rows.rows);
  if (!prepared) {
    return pass(prepared);
  }
  auto loaded = in_memory(right_rows, context);
  if (!loaded) {
    return pass(std::move(loaded));
  }
  const Relation& right = *loaded;
  auto reader = MorselReader::open(left, node.left_keys, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  const std::size_t left_fields = left.fields().size();
  const RowGatherer right_gatherer(right);
  JoinState state;
  state.node = &node;
  state.left_fields = &left.fields();
  state.left_shapes = reader->shapes();
  state.right = &right_gatherer;
  state.left_numbers = attempt.left_numbers;
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

  struct Made {
    std::optional<Reservation> memory;
    std::vector<Batch> batches;
  };
  RowCollector output(fields, context);
  std::vector<Evaluator::Scratch> scratches(static_cast<std::size_t>(context.threads()));
  std::vector<Made> made(reader->size());
  const auto probe = [&](std::size_t item, int worker) -> Result<void> {
    auto batch = reader->read(item, worker);
    if (!batch) {
      return pass(std::move(batch));
    }
    made[item].memory.emplace(context);
    auto batches =
        JoinProbe(state, *batch, scratches[static_cast<std::size_t>(worker)], *made[item].memory)
            .run();
    if (!batches) {
      return pass(std::move(batches));
    }
    made[item].batches = std::move(*batches);
    return {};
  };
  const auto consume = [&](std::size_t item) -> Result<bool> {
    made[item].memory.reset();
    const auto added = append(std::exchange(made[item].batches, {}), output);
    if (!added) {
      return pass(added);
    }
    return true;
  };
  const auto window = static_cast<std::size_t>(context.threads()) * 4;
  auto joined = context.ordered_for(reader->size(), window, probe, consume);
  if (joined) {
    joined = append(unmatched_rows(state, left_fields), output);
  }
  if (!joined) {
    attempt.multiplied_left = state.multiplied_left;
    return pass(joined);
  }
  return output.finish();
}

}  // namespace

Result<Relation> run_join(const JoinNode& node, const std::vector<Field>& fields,
                          const Pipeline& left, const Relation& right, ExecutionContext& context) {
  JoinAttempt attempt;
  return run_join(node, fields, left, right, context, attempt);
}

Result<Relation> run_join(const JoinNode& node, const std::vector<Field>& fields,
                          const Pipeline& left, const Relation& right, ExecutionContext& context,
                          JoinAttempt& attempt) {
  const bool has_way_out = may_join_on_disk(node, attempt.depth);
  Reservation work(context);
  if (has_way_out &&
      (right.spilled || !context.spill().takes(work, right.rows, work_bytes(node, right)))) {
    return join_on_disk(node, fields, left, right, context, attempt.depth);
  }
  const std::uint64_t refusals = context.memory().refusals();
  auto joined = join_in_memory(node, fields, left, right, context, attempt);
  if (joined || !has_way_out || context.memory().refusals() == refusals) {
    return joined;
  }
  return join_on_disk(node, fields, left, right, context, attempt.depth);
}

}  // namespace stave
