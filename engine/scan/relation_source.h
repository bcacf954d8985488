// A relation, in memory or on disk, as the source of a pipeline: each batch is a segment.
#pragma once

#include <memory>

#include "engine/scan/source.h"

namespace stave {

std::shared_ptr<const PipelineSource> relation_source(std::shared_ptr<const Relation> relation);

}  // namespace stave
