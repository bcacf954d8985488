// Freed memory is kept for what the program asks for next.
#pragma once

namespace stave::cli {

// For the program alone, before it has threads: a library leaves this to whoever links it.
void keep_freed_memory();

}  // namespace stave::cli
