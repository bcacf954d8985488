// All rows of a pipeline, in order, read by all threads.
#pragma once

#include <functional>
#include <memory>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

using SharedRelation = std::shared_ptr<const Relation>;

// Gives them to `sink`, a batch after another and none that is empty, and holds few of them.
Result<void> stream_rows(const Pipeline& pipeline, ExecutionContext& context,
                         const std::function<Result<void>(const Batch&)>& sink);
// Holds them, on disk where they are more than memory may have.
Result<SharedRelation> collect(const Pipeline& pipeline, ExecutionContext& context);

}  // namespace stave
