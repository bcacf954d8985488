// Rewrites a plan into one that gives the same rows in the same order with less work.
// Invariant: a node used twice (`let`) stays one node.
#pragma once

#include "engine/plan.h"

namespace stave {

// All of them, in the order that lets each see what the one before made possible.
PlanPointer optimize(const PlanPointer& plan);

// Conditions move towards the scans, as far as they mean the same there.
PlanPointer push_filters(const PlanPointer& plan);
// Sorts whose order nobody sees are left out.
PlanPointer drop_unseen_sorts(const PlanPointer& plan);
// Columns that nobody uses are not read or computed.
PlanPointer prune_columns(const PlanPointer& plan);

}  // namespace stave
