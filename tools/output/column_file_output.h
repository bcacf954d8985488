// A result as a Parquet or an Arrow file.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<Output> make_parquet_output(TextSink write);
std::unique_ptr<Output> make_arrow_output(TextSink write);

}  // namespace stave
