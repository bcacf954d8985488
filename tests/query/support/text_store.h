// A store in memory from tables written as text, for tests of the query layer.
// The first line of a table's text names its columns; an empty cell is null, `""` the empty string.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/snapshot.h"

namespace stave::testing {

struct TextTable {
  std::string name;
  std::string text;
};

struct TextStoreOptions {
  std::string schema;  // TOML; empty: the music schema
  std::string timezone = "UTC";
};

// Stops the test with a message on a fault of the text. The folder must be empty.
void make_text_store(const std::string& path, const std::vector<TextTable>& tables,
                     const TextStoreOptions& options);

// Cells of a line: separated by commas, in double quotes where they hold one.
std::vector<std::string> split_cells(const std::string& line);

}  // namespace stave::testing
