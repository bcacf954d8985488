// `stave upgrade`: whether a store is of the format that this version writes.
#include "stave/backup.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

int run(const std::string& store, const GlobalOptions& options) {
  const auto report = upgrade_store(store);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.format != OutputFormat::kTable) {
    Rows rows({{"format", kInt64Type}, {"snapshots", kInt64Type}, {"files", kInt64Type}});
    rows.add({std::int64_t{report->format_version}, number_cell(report->snapshots),
              number_cell(report->files)});
    return print_rows("", rows, options);
  }
  return options.quiet
             ? static_cast<int>(kDone)
             : print_text(store + " is current: all " + grouped(report->files) +
                              " files are of format " + std::to_string(report->format_version) +
                              ". Nothing to do.\n",
                          options);
}

}  // namespace

Command add_upgrade(CLI::App& root, GlobalOptions& options) {
  auto store = std::make_shared<std::string>();
  CLI::App* parser =
      add_command(root, options, "upgrade", "See that a store is of the current format",
                  "Every version reads the stores of all earlier ones, so nothing ever has to be "
                  "upgraded to be\nread. Format 1 is the first: a store is either current, or was "
                  "written by a later version, which\nis an error.",
                  "  stave upgrade music.stave\n");
  parser->add_option("STORE", *store, "The store")->type_name("")->required();
  return {parser, [store, &options] { return run(*store, options); }};
}

}  // namespace stave::cli
