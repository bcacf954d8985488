// A program run for what it costs.
#pragma once

#include <string>
#include <string_view>

#include "stave/query.h"

namespace stave {

// Runs the program, drops its rows, and gives the plan in words with what each operator did: rows,
// blocks left out, bytes read and left out, time and memory.
Result<std::string> analyze(const Store& store, std::string_view program,
                            const QueryOptions& options);

}  // namespace stave
