// A command of the user's, called when a run is over.
#pragma once

#include <string>

#include "stave/result.h"

namespace stave::watching {

// Runs `/bin/sh -c COMMAND` with the file at `input_path` as its standard input, and waits for it.
// Gives its exit code; 128 and the number of a signal that ended it.
Result<int> run_user_command(const std::string& command, const std::string& input_path);

}  // namespace stave::watching
