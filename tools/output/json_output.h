// JSON arrays of objects, and JSON lines.
#pragma once

#include <memory>

#include "stave/output.h"

namespace stave {

std::unique_ptr<Output> make_json_output(bool lines, TextSink write);

}  // namespace stave
