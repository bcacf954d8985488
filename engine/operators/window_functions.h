// The families of window functions, each in a file of its own. All give one vector for each batch
// of the input. Meaning: WindowFunction in engine/plan.h.
#pragma once

#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/operators/window_partitions.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// row_number, rank, dense_rank.
Result<std::vector<Vector>> window_rank(const WindowCall& call, const Relation& input,
                                        const WindowPartitions& partitions,
                                        ExecutionContext& context);

// lag, lead, first, last: values of other rows.
Result<std::vector<Vector>> window_neighbour(const WindowCall& call, const Relation& input,
                                             const WindowPartitions& partitions,
                                             ExecutionContext& context);

// Aggregates over frames that move.
Result<std::vector<Vector>> window_moving_aggregate(const WindowCall& call, const Relation& input,
                                                    const WindowPartitions& partitions,
                                                    ExecutionContext& context);

bool is_whole_aggregate(const WindowCall& call);

// Aggregates over whole partitions: for each call its vectors. All calls have the same `per`.
Result<std::vector<std::vector<Vector>>> window_whole_aggregates(
    const std::vector<WindowCall>& calls, const std::shared_ptr<const Relation>& input,
    ExecutionContext& context);

Result<std::vector<Vector>> window_share(const WindowCall& call,
                                         const std::shared_ptr<const Relation>& input,
                                         ExecutionContext& context);

Result<std::vector<Vector>> window_allocate(const WindowCall& call, const Relation& input,
                                            const WindowPartitions& partitions,
                                            ExecutionContext& context);

}  // namespace stave
