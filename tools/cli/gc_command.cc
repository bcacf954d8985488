// `stave gc`: deletes snapshots that are no longer wanted, and what only they need.
#include "stave/upkeep.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct GcArguments {
  std::string store;
  CollectOptions options;
};

std::string summary(const GcArguments& arguments, const CollectReport& report) {
  std::string text = arguments.options.dry_run ? "Would delete " : "Deleted ";
  text += grouped(report.removed.size()) + " snapshots, " + grouped(report.files) + " files, " +
          bytes_text(report.bytes) + ".\n";
  for (const std::uint64_t snapshot : report.in_use) {
    text += "Kept snapshot " + std::to_string(snapshot) + ", which is being read.\n";
  }
  return text;
}

Rows rows_of(const CollectReport& report) {
  Rows rows({{"removed_snapshots", kInt64Type},
             {"snapshots_in_use", kInt64Type},
             {"files", kInt64Type},
             {"bytes", kInt64Type}});
  rows.add({number_cell(report.removed.size()), number_cell(report.in_use.size()),
            number_cell(report.files), number_cell(report.bytes)});
  return rows;
}

int run(const GcArguments& arguments, const GlobalOptions& options) {
  const auto report = collect_garbage(arguments.store, arguments.options);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.format != OutputFormat::kTable) {
    return print_rows("", rows_of(*report), options);
  }
  return options.quiet ? static_cast<int>(kDone) : print_text(summary(arguments, *report), options);
}

}  // namespace

Command add_gc(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<GcArguments>();
  CLI::App* parser = add_command(
      root, options, "gc", "Delete old snapshots and the files only they need",
      "Keeps the newest snapshot, or the newest N, and those that somebody is reading. "
      "Nothing else\never deletes from a store. A load of a dimension can be undone only "
      "while the snapshot\nbefore it is there.",
      "  stave gc music.stave --dry-run\n"
      "  stave gc music.stave --keep 10\n");
  add_upkeep_options(*parser, arguments->store, arguments->options.dry_run,
                     "Say what would go, and delete nothing");
  parser->add_option("--keep", arguments->options.keep, "Keep the newest N snapshots (default 1)")
      ->type_name("N")
      ->check(whole_number(1, UINT64_MAX));
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
