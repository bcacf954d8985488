// Aligned tables for terminals, and the same as Markdown.
#pragma once

#include <cstdint>
#include <memory>

#include "stave/output.h"

namespace stave {

// `max_rows` 0: all rows; otherwise the rest is counted in a line below, never dropped silently.
std::unique_ptr<Output> make_table_output(bool markdown, std::uint64_t max_rows, TextSink write);

}  // namespace stave
