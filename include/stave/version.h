// What this build is.
#pragma once

#include <string>

namespace stave {

std::string version();      // "0.1.0"
int format_version();       // of the stores it writes
std::string simd_target();  // the instruction set its kernels run on here, e.g. "AVX3"

}  // namespace stave
