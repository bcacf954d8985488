// A result as a Parquet file.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<ResultSink> make_parquet_output(TextSink write);

}  // namespace stave
