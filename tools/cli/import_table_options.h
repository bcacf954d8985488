// Options of `stave import` that say what becomes of a dump's columns: which table they make, how
// their values are spelt.
#pragma once

#include <string>
#include <vector>

#include "stave/import.h"

namespace CLI {
class App;
}

namespace stave::cli {

struct TableArguments {
  bool create = false;
  std::vector<std::string> key;
  std::string time_column;
  std::string types = "found";
  std::string thousands;
  std::string decimal_mark;
};

// How values are spelt, and `--map`. `import` gets what needs no reading.
void add_value_options(CLI::App& parser, TableArguments& arguments, ImportOptions& import);
// These, and what makes a table.
void add_table_options(CLI::App& parser, TableArguments& arguments, ImportOptions& import);
Result<void> read_table_options(const TableArguments& arguments, ImportOptions& import);

}  // namespace stave::cli
