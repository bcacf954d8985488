// ISA-L, opened when the first gzip data are read.
// Invariant: every member is the function of its name, of the version whose header is included.
#pragma once

#include <isa-l/igzip_lib.h>

#include "stave/result.h"

namespace stave {

struct InflateLibrary {
  decltype(&::isal_inflate_init) isal_inflate_init = nullptr;
  decltype(&::isal_inflate_reset) isal_inflate_reset = nullptr;
  decltype(&::isal_inflate) isal_inflate = nullptr;
};

// Opened once for the process and never closed.
Result<const InflateLibrary*> inflate_library();

}  // namespace stave
