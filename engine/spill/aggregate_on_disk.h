// Grouping of more than memory takes: the rows are dealt to files by their keys, each file is
// grouped by itself, and the groups are merged by key. Whatever an aggregate needs of a group is in
// one file, so that every one of them stays exact. The result is that of run_aggregate.
#pragma once

#include <vector>

#include "engine/aggregate/aggregate_run.h"
#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// Whether dealing the rows once more may help, after grouping in memory failed.
bool may_aggregate_on_disk(const AggregateNode& node, const AggregateTuning& tuning);

Result<Relation> aggregate_on_disk(const AggregateNode& node, const std::vector<Field>& fields,
                                   const Pipeline& input, ExecutionContext& context,
                                   const AggregateTuning& tuning);

}  // namespace stave
