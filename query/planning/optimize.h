// Rewrites a plan into one that gives the same rows in the same order with less work.
// Invariant: a node used twice (`let`) stays one node.
#pragma once

#include "engine/plan.h"
#include "storage/manifest.h"

namespace stave {

// All of them, in the order that lets each see what the one before made possible. `manifest` is of
// the snapshot that the plan will run on.
PlanPointer optimize(const PlanPointer& plan, const Manifest& manifest);

// What cannot give rows is left out.
PlanPointer drop_empty(const PlanPointer& plan, const Manifest& manifest);

// Conditions move towards the scans, as far as they mean the same there.
PlanPointer push_filters(const PlanPointer& plan);
// Sorts whose order nobody sees are left out.
PlanPointer drop_unseen_sorts(const PlanPointer& plan);
// Columns that nobody uses are not read or computed.
PlanPointer prune_columns(const PlanPointer& plan);

}  // namespace stave
