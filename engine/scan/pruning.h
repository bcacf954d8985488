// Rows left out before anything is read: by day, by clustering run and by what block directories
// say. Invariant: only rows for which a predicate is not true are left out; where anything is
// uncertain (a file that does not open, a fault) rows stay and the reader deals with them.
#pragma once

#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/scan/found_rows.h"
#include "engine/scan/source.h"

namespace stave {

struct Pruned {
  std::vector<RowSpan> spans;    // what may pass, in order
  std::vector<bool> is_decided;  // by predicate: true for every row of `spans`, no need to test
  std::vector<std::shared_ptr<const FoundRows>> found;  // of each search
};

Pruned prune(const PipelineSource& source, const std::vector<Expression>& predicates,
             ExecutionContext& context);

}  // namespace stave
