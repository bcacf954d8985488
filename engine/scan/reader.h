// Reading a pipeline: columns are loaded when first needed, predicates run cheap ones first, and
// what they reject is never loaded or computed further.
#pragma once

#include <memory>
#include <vector>

#include "engine/pipeline.h"
#include "engine/scan/pruning.h"
#include "engine/scan/source.h"

namespace stave {

// `predicates` in the order of their stages, without those that are decided; expressions are over
// the source's columns.
Result<std::shared_ptr<const Pipeline::Reader>> make_reader(
    std::shared_ptr<const PipelineSource> source, const Pruned& pruned,
    const std::vector<Expression>& predicates, const std::vector<Expression>& outputs,
    Repeats repeats, ExecutionContext& context);

}  // namespace stave
