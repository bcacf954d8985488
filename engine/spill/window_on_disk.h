// Windows over more rows than memory takes: rows are dealt to files by what the windows are `per`,
// each file is worked on by itself, and the rows are brought back into their order.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// Whether every call is by partitions, so that dealing helps; `depth`: how often it was done.
bool may_window_on_disk(const WindowNode& node, unsigned depth);

Result<Relation> window_on_disk(const WindowNode& node, const std::vector<Field>& fields,
                                Relation input, ExecutionContext& context, unsigned depth);

}  // namespace stave
