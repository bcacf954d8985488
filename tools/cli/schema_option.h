// A program can be looked at without a store: `--schema FILE` stands in for it.
// Invariant: what is made for that is gone when this is.
#pragma once

#include <string>

#include "stave/store.h"
#include "tools/cli/program_text.h"

namespace CLI {
class App;
}

namespace stave::cli {

class SchemaOption {
 public:
  SchemaOption() = default;
  SchemaOption(const SchemaOption&) = delete;
  SchemaOption& operator=(const SchemaOption&) = delete;
  ~SchemaOption();

  // STORE, PROGRAM, --file and --schema.
  void add(CLI::App& parser, ProgramSource& source);
  // The program; with a schema the first argument is it.
  Result<ProgramText> read_program(const ProgramSource& source) const;
  // The store, or an empty one of the schema.
  Result<Store> open();

 private:
  std::string first_;   // STORE
  std::string schema_;  // a file, or "music"
  std::string folder_;  // of the empty store
};

}  // namespace stave::cli
