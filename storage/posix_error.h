// What the operating system refused, as an Error with advice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

// `action` is a sentence without its end ("Could not write a file"), `number` an errno; `needed` is
// how many more bytes were to be written, 0 where not known.
Failure system_failure(std::string_view action, const std::string& path, int number,
                       std::uint64_t needed = 0);

}  // namespace stave
