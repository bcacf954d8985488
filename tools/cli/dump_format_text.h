// How a dump is written, in the words of the command line's options.
#pragma once

#include <string>

#include "stave/dump_format.h"

namespace stave::cli {

// `format` has everything set, as in an InputDescription.
std::string dump_format_text(const DumpFormat& format);

}  // namespace stave::cli
