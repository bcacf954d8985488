// What may come next on a command line of `stave`, for the shells' completion.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace stave::cli {

struct ArgumentCompletion {
  std::vector<std::string> words;  // each the whole last word, without an opening quote
  bool files = false;              // the shell knows better: names of files
};

// `words`: those behind `stave`, the last one being written, perhaps empty. Stores that they name
// are opened for the names of tables, columns and reports.
ArgumentCompletion complete_arguments(const CLI::App& root, const std::vector<std::string>& words);

}  // namespace stave::cli
