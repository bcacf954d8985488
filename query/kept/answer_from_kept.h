// A report answered from what the store keeps of it.
#pragma once

#include <string>
#include <vector>

#include "stave/query.h"

namespace stave {

// False, and nothing given to `sink`, where nothing fresh is kept of just this question. A damaged
// result is a warning: the report can be computed all the same.
Result<bool> answer_from_kept(const Store& store, const std::string& name,
                              const QueryOptions& options, ResultSink& sink,
                              std::vector<std::string>* warnings);

}  // namespace stave
