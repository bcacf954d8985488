// CSV and TSV that `stave import` reads back to the same values.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<Output> make_delimited_output(char separator, int threads, TextSink write);

}  // namespace stave
