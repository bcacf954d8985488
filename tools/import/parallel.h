// Runs independent tasks on a few threads.
// Invariant: which thread runs a task must not matter to its outcome; of several failures the one
// of the first task is reported.
#pragma once

#include <cstddef>
#include <functional>

#include "stave/result.h"

namespace stave::loading {

// As many as asked for, or as the machine has.
int thread_count(int asked);

// Calls `task` for 0..count - 1, in order of start; stops starting tasks after a failure.
Result<void> run_parallel(std::size_t count, int threads,
                          const std::function<Result<void>(std::size_t)>& task);

}  // namespace stave::loading
