// Ctrl-C in the shell: it ends what runs, however often, and never the process.
#pragma once

#include <atomic>

namespace stave::cli {

// From now on Ctrl-C only sets the flag.
void catch_interrupts();
const std::atomic<bool>& interrupt_flag();
bool interrupted();
// Whether Ctrl-C came; forgets it.
bool take_interrupt();

}  // namespace stave::cli
