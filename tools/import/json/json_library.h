// simdjson, opened when the first JSON is read. Its parser is in its header, but for choosing the
// code that fits the processor.
#pragma once

// Under a name of our own: a program that links the archive may have a simdjson of its own, and
// must not be given the function that json_library.cc defines.
#define simdjson stave_simdjson  // NOLINT(cppcoreguidelines-macro-usage)
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
