// What the words of the command line mean for an import's table.
#include "tools/cli/import_table_options.h"

#include <CLI/CLI.hpp>

namespace stave::cli {

void add_table_options(CLI::App& parser, TableArguments& arguments) {
  CLI::Option* create =
      parser.add_flag("--create", arguments.create,
                      "Make the table where the store has none, its types found in the files");
  CLI::Option* key = parser
                         .add_option("--key", arguments.key,
                                     "The new table's key: columns, with commas between them")
                         ->delimiter(',')
                         ->type_name("COLUMNS")
                         ->needs(create);
  parser
      .add_option("--time", arguments.time_column, "The new table's time: rows are kept by its day")
      ->type_name("COLUMN")
      ->needs(create)
      ->excludes(key);
}

Result<void> read_table_options(const TableArguments& arguments, ImportOptions& import) {
  if (arguments.create) import.create = NewTable{arguments.key, arguments.time_column};
  return {};
}

}  // namespace stave::cli
