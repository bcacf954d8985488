// Ctrl-C, once: the running command is asked to stop and undoes what it began. Twice: the process
// ends.
#pragma once

#include <atomic>

namespace stave::cli {

// From here on SIGINT and SIGTERM set the flag that is returned, which lives for ever.
const std::atomic<bool>& stop_on_interrupt();

}  // namespace stave::cli
