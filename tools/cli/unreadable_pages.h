// Files of a store that are mapped can become unreadable: cut short by another program, or on a
// disk that fails. The system then stops the program at the byte it asks for.
#pragma once

namespace stave::cli {

// Such an end is told as damage of the store is. Of the program alone: a library leaves the
// handling of signals to whoever links it.
void report_unreadable_pages();

}  // namespace stave::cli
