// A report written where rows of the same key are already: into a file, or as statements.
#pragma once

#include <string>

#include "tools/cli/program_run.h"

namespace stave::cli {

struct UpsertArguments {
  bool into_file = false;
  std::string key;      // "day,genre"; empty: as the report says
  std::string dialect;  // of statements; empty: none
  std::string table;    // of statements; empty: the report's name

  bool wanted() const { return into_file || !dialect.empty(); }
};

void add_upsert_options(CLI::App& parser, UpsertArguments& arguments);

// Runs the report as `run` does; gives the exit code.
int run_upsert(const ProgramArguments& program, const std::string& report,
               const UpsertArguments& arguments, const GlobalOptions& options,
               const ProgramRun& run);

}  // namespace stave::cli
