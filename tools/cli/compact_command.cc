// `stave compact`: merges what many loads left, and restores stale clustering.
#include "stave/upkeep.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"

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
             {"stale_before", kInt64Type},
             {"gathered", kInt64Type}});
  for (const CompactedTable& table : report.tables) {
    rows.add({table.table, number_cell(table.days), number_cell(table.rows),
              number_cell(table.segments_before), number_cell(table.segments_after),
              number_cell(table.stale_before), number_cell(table.gathered)});
  }
  return rows;
}

std::string heading(const CompactArguments& arguments, const CompactReport& report) {
  if (report.tables.empty()) {
    return arguments.store + " is compact: nothing to do.\n";
  }
  return arguments.options.dry_run
             ? "What would be written again:\n\n"
             : "Committed snapshot " + std::to_string(report.snapshot) + "; written again:\n\n";
}

int run(const CompactArguments& arguments, const GlobalOptions& options) {
  const auto report = compact_store(arguments.store, arguments.options);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.quiet && options.format == OutputFormat::kTable) {
    return kDone;
  }
  return print_outcome(heading(arguments, *report), rows_of(*report), options);
}

}  // namespace

Command add_compact(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<CompactArguments>();
  CLI::App* parser =
      add_command(root, options, "compact", "Merge what many loads left in each day",
                  "Gives each day one segment, ordered by the clustering of today. Answers are the "
                  "same, and\nsooner had; readers are not disturbed. Days with little in them are "
                  "gathered into files of\nsome MiB. What was replaced stays until `stave gc`.",
                  "  stave compact music.stave\n"
                  "  stave compact music.stave streams --dry-run\n");
  add_upkeep_options(*parser, arguments->store, arguments->options.dry_run,
                     "Say what would be done, and change nothing");
  parser->add_option("TABLE", arguments->options.table, "One table of facts")->type_name("");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
