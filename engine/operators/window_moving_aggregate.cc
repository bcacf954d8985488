// Aggregates over frames that move: `rows a .. b`, or up to the current row and its peers.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "engine/operators/evaluate_all.h"
#include "engine/operators/moving_accumulators.h"
#include "engine/operators/order_keys.h"
#include "engine/operators/row_values.h"
#include "engine/operators/window_frame.h"
#include "engine/operators/window_functions.h"

namespace stave {

namespace {

// Numbers of values: equal where the values are.
Result<std::vector<std::uint32_t>> value_ids(const EvaluatedColumns& columns,
                                             ExecutionContext& context) {
  const auto keys = OrderKeys::make(columns, {KeyOrder::kAny}, context);
  if (!keys) {
    return pass(keys);
  }
  const auto rows = sorted_rows(*keys, context);
  if (!rows) {
    return pass(rows);
  }
  std::vector<std::uint32_t> ids(rows->size());
  std::uint32_t id = 0;
  for (std::size_t place = 1; place < rows->size(); ++place) {
    id += keys->compare((*rows)[place - 1], (*rows)[place]) != 0 ? 1 : 0;
    ids[(*rows)[place]] = id;
  }
  return ids;
}

Result<void> run_partition(const WindowCall& call, const WindowPartitions& partitions,
                           std::size_t partition, MovingAccumulator& accumulator,
                           const MovingOutput& output) {
  const auto rows = partitions.rows(partition);
  Frames frames(call, partitions.peer_starts(partition));
  WindowFrame inside;
  accumulator.clear();
  for (std::size_t place = 0; place < rows.size(); ++place) {
    const WindowFrame frame = frames.at(place);
    while (inside.last < frame.last) {
      accumulator.enter(rows[inside.last++]);
    }
    while (inside.first < frame.first) {
      accumulator.leave(rows[inside.first++]);
    }
    auto done = accumulator.put(rows[place], output);
    if (!done) {
      return done;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Vector>> window_moving_aggregate(const WindowCall& call, const Relation& input,
                                                    const WindowPartitions& partitions,
                                                    ExecutionContext& context) {
  if (!can_move(call.aggregate)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("This aggregate runs over whole partitions only, not over a frame or "
                            "up to the current row: `{}`. Leave out `sort` and `rows`.",
                            call.name));
  }
  const auto columns = evaluate_all(call.arguments, input, context);
  if (!columns) {
    return pass(columns);
  }
  const RowLocator locator(input.batches);
  MovingInput values{&*columns, &locator, {}};
  if (call.aggregate == AggregateFunction::kDistinct) {
    auto ids = value_ids(*columns, context);
    if (!ids) {
      return pass(std::move(ids));
    }
    values.ids = std::move(*ids);
  }
  const auto all_rows = static_cast<RowNumber>(input.rows);
  const bool picks_values = picks_rows(call.aggregate);
  RowValues numbers(picks_values ? kBoolType : call.type, all_rows);
  std::vector<RowNumber> picks(picks_values ? all_rows : 0, kNoRow);
  const MovingOutput output{&numbers, &picks};
  std::vector<std::unique_ptr<MovingAccumulator>> accumulators(
      static_cast<std::size_t>(context.threads()));
  const auto done = partitions.for_each(context, [&](std::size_t partition, int worker) {
    auto& accumulator = accumulators[static_cast<std::size_t>(worker)];
    if (!accumulator) {
      accumulator = make_moving_accumulator(call, values);
    }
    return run_partition(call, partitions, partition, *accumulator, output);
  });
  if (!done) {
    return pass(done);
  }
  return picks_values ? pick_values(input.batches, *columns, picks, context)
                      : numbers.cut(input.batches);
}

}  // namespace stave
