// Values of other rows of the partition or frame: lag, lead, first, last. Rows are picked first,
// then their values gathered, so that codes stay codes.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_values.h"
#include "engine/operators/unify.h"
#include "engine/operators/window_frame.h"
#include "engine/operators/window_functions.h"

namespace stave {

namespace {

// How many rows after the current one; `lag` looks back.
std::int64_t offset_of(const WindowCall& call) {
  const auto* given = std::get_if<std::int64_t>(&call.parameter.data);
  // Beyond any relation, and safe to negate.
  constexpr std::int64_t kFar = std::int64_t{1} << 33;
  const std::int64_t rows = std::clamp(given == nullptr ? 1 : *given, -kFar, kFar);
  return call.function == WindowFunction::kLag ? -rows : rows;
}

// The values to pick from: those of the argument, then those of the default where there is one.
Result<EvaluatedColumns> sources_of(const WindowCall& call, const Relation& input,
                                    ExecutionContext& context) {
  auto values = evaluate_all({call.arguments[0]}, input, context);
  if (!values || call.arguments.size() < 2) {
    return values;
  }
  auto defaults = evaluate_all({call.arguments[1]}, input, context);
  if (!defaults) {
    return defaults;
  }
  std::vector<Relation> relations(2);
  relations[0].batches = std::move(values->batches);
  relations[1].batches = std::move(defaults->batches);
  unify_column(relations, 0, call.type);
  Relation all;
  all.fields.push_back({call.name, call.type});
  for (Relation& relation : relations) {
    for (Batch& batch : relation.batches) {
      all.rows += batch.rows;
      all.batches.push_back(std::move(batch));
    }
  }
  const auto numbered = check_row_numbers(all.rows);
  if (!numbered) {
    return pass(numbered);
  }
  return EvaluatedColumns{shapes_of(all), std::move(all.batches)};
}

}  // namespace

Result<std::vector<Vector>> window_neighbour(const WindowCall& call, const Relation& input,
                                             const WindowPartitions& partitions,
                                             ExecutionContext& context) {
  const auto sources = sources_of(call, input, context);
  if (!sources) {
    return pass(sources);
  }
  const auto all_rows = static_cast<RowNumber>(input.rows);
  const bool has_default = call.arguments.size() > 1;
  const bool shifts =
      call.function == WindowFunction::kLag || call.function == WindowFunction::kLead;
  const std::int64_t offset = offset_of(call);
  std::vector<RowNumber> picks(all_rows, kNoRow);
  const auto picked = partitions.for_each(context, [&](std::size_t partition, int) {
    const auto rows = partitions.rows(partition);
    Frames frames(call, partitions.peer_starts(partition));
    for (std::size_t place = 0; place < rows.size(); ++place) {
      RowNumber& pick = picks[rows[place]];
      if (!shifts) {
        const WindowFrame frame = frames.at(place);
        if (frame.first < frame.last) {
          pick = rows[call.function == WindowFunction::kFirst ? frame.first : frame.last - 1];
        }
        continue;
      }
      const std::int64_t wanted = static_cast<std::int64_t>(place) + offset;
      if (wanted >= 0 && wanted < static_cast<std::int64_t>(rows.size())) {
        pick = rows[static_cast<std::size_t>(wanted)];
      } else if (has_default) {
        pick = all_rows + rows[place];
      }
    }
    return Result<void>();
  });
  if (!picked) {
    return pass(picked);
  }
  return pick_values(input.batches, *sources, picks, context);
}

}  // namespace stave
