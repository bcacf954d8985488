// CSV and TSV that `stave import` reads back to the same values.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

// Of `options` those for CSV and TSV.
std::unique_ptr<Output> make_delimited_output(const OutputOptions& options, char separator,
                                              TextSink write);

}  // namespace stave
