// See window_on_disk.h. Calls of different partitions are computed one after another over the rows
// and a number more; the columns of earlier calls come after that number, which tells any two rows
// apart, so that they decide nothing.
#include "engine/spill/window_on_disk.h"

#include <memory>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/operators.h"
#include "engine/spill/merge_runs.h"
#include "engine/spill/partition_rows.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/spill_space.h"

namespace stave {

namespace {

constexpr unsigned kMostDepth = 3;

// The calls of one `per`.
struct Pass {
  WindowNode node;
  std::vector<std::size_t> calls;  // their places in the whole node
};

std::vector<Pass> passes_of(const WindowNode& node) {
  std::vector<Pass> passes;
  for (std::size_t call = 0; call < node.calls.size(); ++call) {
    auto found = passes.begin();
    while (found != passes.end() && !(found->node.calls[0].per == node.calls[call].per)) {
      ++found;
    }
    if (found == passes.end()) {
      found = passes.emplace(passes.end());
    }
    found->node.calls.push_back(node.calls[call]);
    found->calls.push_back(call);
  }
  return passes;
}

// One pass; `input` has its numbers in column `number`, or gets them there as its last.
Result<std::vector<Relation>> run_pass(const WindowNode& node, const Relation& input,
                                       std::size_t number, ExecutionContext& context,
                                       unsigned depth) {
  Partitioning how;
  how.columns = same_columns(input.fields);
  how.keys = node.calls[0].per;
  how.adds_numbers = number == input.fields.size();
  const std::uint64_t row_bytes =
      row_bytes_of(input) + (node.calls.size() + 4) * sizeof(std::uint64_t);
  how.partitions = context.spill().partitions_for(2 * input.rows * row_bytes);
  how.seed = depth + 1;
  auto parts = partition_rows(Pipeline::over_relation(std::make_shared<const Relation>(input)), how,
                              context);
  if (!parts) {
    return pass(std::move(parts));
  }
  for (Relation& part : *parts) {
    std::vector<Field> fields = part.fields;
    for (const WindowCall& call : node.calls) {
      fields.push_back({call.name, call.type});
    }
    auto done = run_window(node, fields, std::exchange(part, {}), context, depth + 1);
    if (!done) {
      return pass(std::move(done));
    }
    auto run = on_disk(*std::move(done), context);
    if (!run) {
      return pass(std::move(run));
    }
    part = *std::move(run);
  }
  return parts;
}

}  // namespace

bool may_window_on_disk(const WindowNode& node, unsigned depth) {
  for (const WindowCall& call : node.calls) {
    if (call.per.empty()) {
      return false;
    }
  }
  return depth < kMostDepth;
}

Result<Relation> window_on_disk(const WindowNode& node, const std::vector<Field>& fields,
                                Relation input, ExecutionContext& context, unsigned depth) {
  const std::size_t number = input.fields.size();
  const std::vector<SortKey> order = {{column_expression(number, kInt64Type), false}};
  const std::vector<Pass> passes = passes_of(node);
  std::vector<std::size_t> columns(fields.size());
  for (std::size_t column = 0; column < number; ++column) {
    columns[column] = column;
  }
  std::size_t made = number + 1;
  for (const Pass& one : passes) {
    for (const std::size_t call : one.calls) {
      columns[number + call] = made++;
    }
  }
  for (const Pass& one : passes) {
    auto runs = run_pass(one.node, input, number, context, depth);
    if (!runs) {
      return pass(std::move(runs));
    }
    const bool is_last = &one == &passes.back();
    const std::vector<Field> with_number = runs->front().fields;
    auto merged = is_last ? merge_runs(*std::move(runs), order, columns, fields, context)
                          : merge_runs(*std::move(runs), order, with_number, context);
    if (!merged) {
      return merged;
    }
    input = *std::move(merged);
  }
  return input;
}

}  // namespace stave
