// `stave compact`: merges what many loads left, and restores stale clustering.
#include <CLI/CLI.hpp>

#include "stave/upkeep.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct CompactArguments {
  std::string store;
  CompactOptions options;
};

Rows rows_of(const CompactReport& report) {
  Rows rows({{"table", kStringType},
             {"days", kInt64Type},
             {"rows", kInt64Type},
             {"segments_before", kInt64Type},
             {"segments_after", kInt64Type},
             {"stale_before", kInt64Type}});
  for (const CompactedTable& table : report.tables) {
    rows.add({table.table, number_cell(table.days), number_cell(table.rows),
              number_cell(table.segments_before), number_cell(table.segments_after),
              number_cell(table.stale_before)});
  }
  return rows;
}

int run(const CompactArguments& arguments, const GlobalOptions& options) {
  const auto report = compact_store(arguments.store, arguments.options);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.format != OutputFormat::kTable) {
    return print_rows("", rows_of(*report), options);
  }
  if (options.quiet) {
    return kDone;
  }
  if (report->tables.empty()) {
    return print_text(arguments.store + " is compact: nothing to do.\n", options);
  }
  const std::string heading =
      arguments.options.dry_run
          ? "What would be written again:\n\n"
          : "Committed snapshot " + std::to_string(report->snapshot) + "; written again:\n\n";
  return print_rows(heading, rows_of(*report), options);
}

}  // namespace

Command add_compact(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<CompactArguments>();
  CLI::App* parser =
      add_command(root, options, "compact", "Merge what many loads left in each day",
                  "Gives each day one segment, ordered by the clustering of today. Answers are the "
                  "same, and\nsooner had; readers are not disturbed. What was replaced stays until "
                  "`stave gc`.",
                  "  stave compact music.stave\n"
                  "  stave compact music.stave streams --dry-run\n");
  parser->add_option("STORE", arguments->store, "The store")->type_name("")->required();
  parser->add_option("TABLE", arguments->options.table, "One table of facts")->type_name("");
  parser->add_flag("--dry-run", arguments->options.dry_run,
                   "Say what would be done, and change nothing");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
