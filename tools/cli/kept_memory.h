// Freed memory is kept for what the program asks for next, and is had in large pages from the
// beginning. For the program alone: a library leaves this to whoever links it.
#pragma once

namespace stave::cli {

// Before the program has threads.
void keep_freed_memory();

// The same for a thread, before it first allocates: each has a heap of its own.
void begin_heap_of_thread();

}  // namespace stave::cli
