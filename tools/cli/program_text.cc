// Exactly one of argument and file must be there.
#include "tools/cli/program_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tools/cli/cli11.h"

namespace stave::cli {

void add_program_source(CLI::App& parser, ProgramSource& source) {
  source.argument_option =
      parser.add_option("PROGRAM", source.argument, "The question, or - for standard input")
          ->type_name("");
  parser
      .add_option("-f,--file", source.file, "Read the program from FILE, or - for standard input")
      ->type_name("FILE");
}

Result<std::string> read_whole_file(const std::string& path) {
  using Characters = std::istreambuf_iterator<char>;
  std::ifstream file(path, std::ios::binary);
  std::string text{Characters(file), Characters()};
  if (!file.is_open() || file.bad()) {
    return fail(ErrorCode::kNotFound,
                "Cannot read the program: " + path + " (" + std::strerror(errno) + ").");
  }
  return text;
}

ProgramText program_of_argument(const std::string& argument) {
  if (argument != "-") {
    return {argument, "query"};
  }
  using Characters = std::istreambuf_iterator<char>;
  return {std::string(Characters(std::cin), Characters()), "standard input"};
}

Result<ProgramText> read_program(const ProgramSource& source) {
  const bool given = source.argument_option != nullptr && source.argument_option->count() > 0;
  if (given != source.file.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                given
                    ? "There are two programs: one as an argument and one by -f. Leave one out."
                    : "There is no program to run. Write it as an argument in quotes, for example "
                      "'from streams | take 5', or name a file with -f.");
  }
  if (given || source.file == "-") {
    return program_of_argument(given ? source.argument : source.file);
  }
  auto text = read_whole_file(source.file);
  if (!text) {
    return pass(text);
  }
  return ProgramText{std::move(*text), source.file};
}

}  // namespace stave::cli
