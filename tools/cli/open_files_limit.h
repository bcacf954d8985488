// How many files the program may have open.
#pragma once

namespace stave::cli {

// Raises the limit as far as the system lets it: a store has a file for each column and day, and a
// question over three years needs more of them at once than the 1,024 that most shells allow. Of
// the program alone: a library leaves this to whoever links it.
void raise_open_files_limit();

}  // namespace stave::cli
