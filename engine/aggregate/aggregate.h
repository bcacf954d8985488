// Grouping and its exact aggregates: see AggregateNode for the meaning.
// Invariant: groups come by key, and neither threads nor segment layout change a value.
#pragma once

#include <optional>
#include <vector>

#include "engine/aggregate/group_cut.h"
#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// What the reader of the groups does not need: see AggregateNode for what it gets otherwise.
struct GroupsWanted {
  std::optional<GroupCut> cut;  // groups beyond it may be missing
  bool in_order = true;         // else in some order that threads do not change
  bool in_any_order = false;    // not even that
};

// `fields` are the plan's: keys, then aggregates. In the result each column has one representation
// (and dictionary) over all batches.
Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const GroupsWanted& wanted = {});

}  // namespace stave
