// simdjson, opened when the first JSON is read. Its parser is in its header, but for choosing the
// code that fits the processor.
#pragma once

#include <simdjson.h>

#include "stave/result.h"

namespace stave::loading {

struct JsonLibrary {
  simdjson::internal::atomic_ptr<const simdjson::implementation>& (*get_active_implementation)() =
      nullptr;
  const simdjson::internal::error_code_info* error_codes = nullptr;
};

// Opened once for the process and never closed. Where it fails, no parser may be used.
Result<const JsonLibrary*> json_library();

}  // namespace stave::loading
