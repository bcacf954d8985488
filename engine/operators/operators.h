// The operators of a plan that are neither scans nor grouping, each over rows that another operator
// gives. Meaning and order of rows: engine/plan.h.
// Invariant: neither threads nor the batches of the input change a result or the error reported;
// in a result each column has one representation (and dictionary) over all batches.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// `fields` are always those of the plan's node. Operators that read a Pipeline go through it once,
// in store order, and never hold all of it.

Result<Relation> run_sort(const SortNode& node, const std::vector<Field>& fields, Relation input,
                          ExecutionContext& context);
// Of batches in memory, whatever it takes.
Result<Relation> sort_in_memory(const SortNode& node, const std::vector<Field>& fields,
                                Relation input, ExecutionContext& context);

// Stops reading once it has its rows.
Result<Relation> run_limit(const LimitNode& node, const std::vector<Field>& fields,
                           const Pipeline& input, ExecutionContext& context);

// `is_cut`: the first key alone rules out no row any more.
Result<Relation> run_top(const TopNode& node, const std::vector<Field>& fields, Relation input,
                         ExecutionContext& context, bool is_cut = false);

// How a join is tried, and what is learned by that where it fails.
inline constexpr std::int64_t kNoLeftNumber = std::numeric_limits<std::int64_t>::max();
struct JoinAttempt {
  unsigned depth = 0;                            // how often its rows were dealt to files already
  std::optional<std::size_t> left_numbers;       // the left column that numbers the rows
  std::int64_t multiplied_left = kNoLeftNumber;  // of the left row that has several matches
};

Result<Relation> run_join(const JoinNode& node, const std::vector<Field>& fields,
                          const Pipeline& left, const Relation& right, ExecutionContext& context,
                          JoinAttempt& attempt);
Result<Relation> run_join(const JoinNode& node, const std::vector<Field>& fields,
                          const Pipeline& left, const Relation& right, ExecutionContext& context);

// The join as columns more and a filter of the pipeline on its left, which is then never held,
// where that can be: by one coded column that leads to at most one right row, and for all semi and
// anti joins whose right side is not large. Nothing otherwise.
Result<std::optional<Pipeline>> stream_join(const JoinNode& node, const std::vector<Field>& fields,
                                            const Pipeline& left, const Relation& right,
                                            ExecutionContext& context);

// One relation for each input, in order.
Result<Relation> run_union(const UnionNode& node, const std::vector<Field>& fields,
                           std::vector<Relation> inputs, ExecutionContext& context);

// `depth`: how often its rows were dealt to files already.
Result<Relation> run_window(const WindowNode& node, const std::vector<Field>& fields,
                            Relation input, ExecutionContext& context, unsigned depth = 0);

// The window as columns more of the pipeline that it reads from, which is then read twice and never
// held, where that can be: aggregates over whole partitions by one coded column.
Result<std::optional<Pipeline>> stream_window(const WindowNode& node,
                                              const std::vector<Field>& fields,
                                              const Pipeline& input, ExecutionContext& context);

Result<Relation> run_expand(const ExpandNode& node, const std::vector<Field>& fields,
                            const Pipeline& input, ExecutionContext& context);

// The input as it is, or kEvaluation with the message and the first row that breaks the condition.
Result<Relation> run_expect(const ExpectNode& node, const std::vector<Field>& fields,
                            Relation input, ExecutionContext& context);

}  // namespace stave
