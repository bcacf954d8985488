// Rewrites a plan into one that gives the same rows in the same order with less work.
// Invariant: a node used twice (`let`) stays one node.
#pragma once

#include <vector>

#include "engine/plan.h"
#include "storage/manifest.h"

namespace stave {

// The plans of one program.
using Plans = std::vector<PlanPointer>;

// All of them, in the order that lets each see what the one before made possible. `manifest` is of
// the snapshot that the plans will run on.
Plans optimize(Plans plans, const Manifest& manifest);
PlanPointer optimize(const PlanPointer& plan, const Manifest& manifest);

// What cannot give rows is left out.
Plans drop_empty(const Plans& plans, const Manifest& manifest);

// Conditions move towards the scans, as far as they mean the same there.
Plans push_filters(const Plans& plans);
// Sorts whose order nobody sees are left out.
Plans drop_unseen_sorts(const Plans& plans);
// Operators that do the same work become one node.
Plans merge_equal(const Plans& plans);
// Sorts of which only the first rows are taken do no more than that.
Plans cut_sorts(const Plans& plans);
// Columns that nobody uses are not read or computed.
Plans prune_columns(const Plans& plans);
// Aggregates and windows are called what they compute.
Plans name_calls(const Plans& plans);

}  // namespace stave
