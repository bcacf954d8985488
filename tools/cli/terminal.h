// What the streams of this process are connected to.
#pragma once

namespace stave::cli {

bool output_is_terminal();
// A terminal that can rewrite a line.
bool errors_go_to_terminal();
// Colours on standard error: a terminal, and NO_COLOR unset or empty.
bool errors_may_be_coloured();
int terminal_width();

}  // namespace stave::cli
