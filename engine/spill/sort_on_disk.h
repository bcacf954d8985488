// Sort and top for more rows than memory takes: stretches of the input sorted one by one, then
// merged. The order of rows is that of run_sort and run_top.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

Result<Relation> sort_on_disk(const SortNode& node, const std::vector<Field>& fields,
                              const Relation& input, ExecutionContext& context);

Result<Relation> top_on_disk(const TopNode& node, const std::vector<Field>& fields,
                             const Relation& input, ExecutionContext& context);

}  // namespace stave
