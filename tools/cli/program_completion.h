// What may be written next in a program, for the tabulator of the shell.
#pragma once

#include <string>

#include "stave/store.h"
#include "tools/cli/line_reader.h"

namespace stave::cli {

// `text` is the program up to the cursor. Words come in order of the alphabet.
Completion complete_program(const StoreDescription& store, const std::string& text);

}  // namespace stave::cli
