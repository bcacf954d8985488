// Options of the commands that load: what becomes of bad rows, unknown columns and repeated keys.
#pragma once

#include <string>

#include "stave/import.h"

namespace CLI {
class App;
}

namespace stave::cli {

struct LoadArguments {
  std::string max_rejects;
  std::string extra = "keep";
  std::string on_duplicate = "first";
};

void add_load_options(CLI::App& parser, LoadArguments& arguments);
void add_deduplication_options(CLI::App& parser, Deduplication& wanted);
Result<void> read_load_options(const LoadArguments& arguments, ImportOptions& import);

}  // namespace stave::cli
