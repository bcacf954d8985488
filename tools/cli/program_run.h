// What `query` and `report` share: parameters, running into an output, and how a run ends.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "stave/query.h"
#include "tools/cli/errors.h"
#include "tools/cli/global_options.h"
#include "tools/cli/rows.h"

namespace CLI {
class App;
}

namespace stave::cli {

struct ProgramArguments {
  std::string store;
  std::vector<std::string> parameters;  // NAME=VALUE
  std::string now;
  std::string as_of;
  std::string metrics;  // a file
  bool skip_damaged = false;
};

void add_program_options(CLI::App& parser, ProgramArguments& arguments);

struct ProgramFaults {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
};
using ProgramRun =
    std::function<Result<void>(const Store&, const QueryOptions&, ResultSink&, ProgramFaults&)>;

// What is said of the program below the title of a page.
using ProgramNote = std::function<std::string(const Store&, const QueryOptions&)>;

// Opens the store, runs with an output as the options ask, reports faults; gives the exit code.
int run_program(const ProgramArguments& arguments, const GlobalOptions& options,
                const std::string& origin, const ProgramRun& run, const ProgramNote& note = {});
// Prints text that a command made itself, such as a plan.
int print_text(const std::string& text, const GlobalOptions& options);
// Prints rows that a command made itself, in the format that the options ask for; before a table
// for people the heading.
int print_rows(const std::string& heading, const Rows& rows, const GlobalOptions& options);
// The same of what `print` gives to the sink.
int print_result(const std::string& heading, const std::function<Result<void>(ResultSink&)>& print,
                 const GlobalOptions& options);
// The same where there may be no rows: people then get the text alone.
int print_outcome(const std::string& text, const Rows& rows, const GlobalOptions& options);
// STORE and --dry-run of a command that keeps a store in order.
void add_upkeep_options(CLI::App& parser, std::string& store, bool& dry_run,
                        const std::string& dry_run_help);
// `--as-of`, in the same words for all that take it.
void add_as_of_option(CLI::App& parser, std::string& as_of);
// `--metrics`, in the same words for all that take it.
void add_metrics_option(CLI::App& parser, std::string& file);
// Reads the file of metrics, if there is one, into the options.
Result<void> read_metrics(const std::string& file, QueryOptions& options);
Result<QueryOptions> query_options(const ProgramArguments& arguments, const GlobalOptions& options,
                                   const std::string& origin);

}  // namespace stave::cli
