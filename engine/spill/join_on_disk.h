// A join whose right side is more than memory takes: both sides are dealt to files by their keys,
// file is joined with file, and the results are merged into the order of the left rows. The result
// and the error where rows multiply are those of run_join.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// Whether dealing the rows to files may help; `depth`: how often they were dealt already.
bool may_join_on_disk(const JoinNode& node, unsigned depth);

Result<Relation> join_on_disk(const JoinNode& node, const std::vector<Field>& fields,
                              const Pipeline& left, const Relation& right,
                              ExecutionContext& context, unsigned depth);

}  // namespace stave
