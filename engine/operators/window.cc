// Windows: every call adds a column and leaves the rows where they are. Calls over the same
// partitions share the work of finding them.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "engine/operators/operators.h"
#include "engine/operators/row_locator.h"
#include "engine/operators/window_functions.h"
#include "engine/operators/window_partitions.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/window_on_disk.h"

namespace stave {

namespace {

bool same_keys(const std::vector<SortKey>& left, const std::vector<SortKey>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const SortKey& one, const SortKey& other) {
                      return one.descending == other.descending &&
                             one.expression == other.expression;
                    });
}

bool needs_total_order(const WindowCall& call) {
  switch (call.function) {
    case WindowFunction::kRank:
    case WindowFunction::kDenseRank:
    case WindowFunction::kAllocate:  // breaks the few ties that matter itself
      return false;
    case WindowFunction::kAggregate:
      return call.has_frame;
    default:
      return true;
  }
}

bool takes_frame(WindowFunction function) {
  return function == WindowFunction::kAggregate || function == WindowFunction::kFirst ||
         function == WindowFunction::kLast;
}

// The columns of all calls of a node, computed one family after another.
class WindowRun {
 public:
  WindowRun(const WindowNode& node, std::shared_ptr<const Relation> input,
            ExecutionContext& context)
      : node_(node), input_(std::move(input)), context_(context), columns_(node.calls.size()) {}

  Result<std::vector<std::vector<Vector>>> run() {
    for (std::size_t call = 0; call < node_.calls.size(); ++call) {
      if (!columns_[call].empty()) {
        continue;
      }
      const auto done = is_whole_aggregate(node_.calls[call]) ? run_whole(call) : run_one(call);
      if (!done) {
        return pass(done);
      }
    }
    return std::move(columns_);
  }

 private:
  // All whole aggregates over the partitions of `first` at once.
  Result<void> run_whole(std::size_t first) {
    std::vector<std::size_t> together;
    std::vector<WindowCall> calls;
    for (std::size_t call = first; call < node_.calls.size(); ++call) {
      if (is_whole_aggregate(node_.calls[call]) &&
          node_.calls[call].per == node_.calls[first].per) {
        together.push_back(call);
        calls.push_back(node_.calls[call]);
      }
    }
    auto results = window_whole_aggregates(calls, input_, context_);
    if (!results) {
      return pass(std::move(results));
    }
    for (std::size_t index = 0; index < together.size(); ++index) {
      columns_[together[index]] = std::move((*results)[index]);
    }
    return {};
  }

  Result<void> run_one(std::size_t index) {
    const WindowCall& call = node_.calls[index];
    if (call.has_frame && !takes_frame(call.function)) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("`rows` has a meaning for aggregates, first and last only, not for "
                              "`{}`. Leave it out.",
                              call.name));
    }
    auto column = compute(call);
    if (!column) {
      return pass(std::move(column));
    }
    columns_[index] = std::move(*column);
    return {};
  }

  Result<std::vector<Vector>> compute(const WindowCall& call) {
    if (call.function == WindowFunction::kShare) {
      return window_share(call, input_, context_);
    }
    const auto partitions = partitions_of(call);
    if (!partitions) {
      return pass(partitions);
    }
    switch (call.function) {
      case WindowFunction::kRowNumber:
      case WindowFunction::kRank:
      case WindowFunction::kDenseRank:
        return window_rank(call, *input_, **partitions, context_);
      case WindowFunction::kAllocate:
        return window_allocate(call, *input_, **partitions, context_);
      case WindowFunction::kAggregate:
        return window_moving_aggregate(call, *input_, **partitions, context_);
      default:
        return window_neighbour(call, *input_, **partitions, context_);
    }
  }

  struct Partitioned {
    const WindowCall* call;
    WindowPartitions partitions;
  };

  Result<const WindowPartitions*> partitions_of(const WindowCall& call) {
    auto found = std::find_if(partitioned_.begin(), partitioned_.end(), [&](const auto& known) {
      return known.call->per == call.per && same_keys(known.call->sort, call.sort);
    });
    if (found == partitioned_.end()) {
      auto made = WindowPartitions::make(call.per, call.sort, call.asked_keys, *input_, context_);
      if (!made) {
        return pass(std::move(made));
      }
      partitioned_.push_back({&call, std::move(*made)});
      found = partitioned_.end() - 1;
    }
    if (needs_total_order(call)) {
      const auto ordered = found->partitions.break_ties(context_);
      if (!ordered) {
        return pass(ordered);
      }
    }
    return &found->partitions;
  }

  const WindowNode& node_;
  std::shared_ptr<const Relation> input_;
  ExecutionContext& context_;
  std::vector<std::vector<Vector>> columns_;  // [call][batch]
  std::deque<Partitioned> partitioned_;
};

}  // namespace

Result<Relation> run_window(const WindowNode& node, const std::vector<Field>& fields,
                            Relation input, ExecutionContext& context, unsigned depth) {
  if (may_window_on_disk(node, depth)) {
    Reservation work(context);
    const std::uint64_t bytes = input.rows * (2 * node.calls.size() + 4) * sizeof(std::uint64_t);
    if (input.spilled || !context.spill().takes(work, input.rows, bytes)) {
      return window_on_disk(node, fields, std::move(input), context, depth);
    }
  }
  auto loaded = in_memory(std::move(input), context);
  if (!loaded) {
    return loaded;
  }
  input = *std::move(loaded);
  const auto numbered = check_row_numbers(input.rows);
  if (!numbered) {
    return pass(numbered);
  }
  std::erase_if(input.batches, [](const Batch& batch) { return batch.rows == 0; });
  Relation output = input;
  output.fields = fields;
  auto columns = WindowRun(node, std::make_shared<const Relation>(std::move(input)), context).run();
  if (!columns) {
    return pass(std::move(columns));
  }
  for (std::vector<Vector>& column : *columns) {
    for (std::size_t batch = 0; batch < output.batches.size(); ++batch) {
      output.batches[batch].columns.push_back(std::move(column[batch]));
    }
  }
  return output;
}

}  // namespace stave
