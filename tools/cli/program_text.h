// Where a program comes from: the command line, a file, or standard input.
#pragma once

#include <string>

#include "stave/result.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace stave::cli {

struct ProgramSource {
  std::string argument;
  const CLI::Option* argument_option = nullptr;  // an empty program is given too
  std::string file;                              // "-": standard input
};

struct ProgramText {
  std::string text;
  std::string origin;  // names it in messages
};

// "-" is standard input.
ProgramText program_of_argument(const std::string& argument);
// PROGRAM and --file.
void add_program_source(CLI::App& parser, ProgramSource& source);
Result<ProgramText> read_program(const ProgramSource& source);
Result<std::string> read_whole_file(const std::string& path);

}  // namespace stave::cli
