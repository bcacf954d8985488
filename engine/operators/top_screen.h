// Leaves out most rows that a `top` cannot keep while they are read, so that neither all of them
// are held nor sorted: each thread knows the best rows of every group that it has met.
// Invariant: a row that `top` keeps is never left out, whatever the threads; which others stay
// depends on them and does not show.
#pragma once

#include <optional>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

// The rows of `input` that `top` may keep, in their order. Nothing, and nothing read, where that is
// not worth it or cannot be seen: rows are few, many of a group are wanted, the first key is no
// number, or a later one could fail for a row that is left out.
Result<std::optional<Relation>> screened_rows(const TopNode& top, const Pipeline& input,
                                              ExecutionContext& context);

}  // namespace stave
