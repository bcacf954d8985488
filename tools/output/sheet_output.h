// Results as an Excel workbook with typed cells.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<Output> make_sheet_output(TextSink write);

}  // namespace stave
