// Reads the arguments, runs the command, gives the exit code.
#pragma once

namespace stave::cli {

int run_command_line(int argc, char** argv);

}  // namespace stave::cli
