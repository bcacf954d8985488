// `stave repair`: keeps all that is sound of a damaged store, and says what is lost.
#include "stave/upkeep.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"

namespace stave::cli {
namespace {

struct RepairArguments {
  std::string store;
  RepairOptions options;
};

Rows rows_of(const RepairReport& report) {
  Rows rows({{"table", kStringType},
             {"day", kStringType},
             {"cluster", kStringType},
             {"column", kStringType},
             {"rows", kInt64Type},
             {"outcome", kStringType}});
  for (const RepairLoss& loss : report.losses) {
    rows.add({loss.table, text_or_null(loss.day), text_or_null(loss.cluster), loss.column,
              number_cell(loss.rows), loss.is_null ? "values are null" : "rows are left out"});
  }
  return rows;
}

std::string heading(const RepairArguments& arguments, const RepairReport& report) {
  const bool is_dry = arguments.options.dry_run;
  std::string text;
  for (const std::string& path : report.moved) {
    text += "Moved to damaged/: " + path + "\n";
  }
  if (report.was_sound) {
    return arguments.store + " is sound: nothing to repair.\n";
  }
  text += arguments.store +
          (is_dry ? ": nothing was changed; the newest snapshot is "
                  : ": repaired; the newest snapshot is now ") +
          std::to_string(report.snapshot) + ". ";
  return text + (report.losses.empty() ? "No values are lost.\n"
                 : is_dry              ? "What would be lost:\n\n"
                                       : "What is lost:\n\n");
}

int run(const RepairArguments& arguments, const GlobalOptions& options) {
  const auto report = repair_store(arguments.store, arguments.options);
  if (!report) {
    return report_error(report.error(), options);
  }
  report_warnings(report->notes, options);
  return print_outcome(heading(arguments, *report), rows_of(*report), options);
}

}  // namespace

Command add_repair(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<RepairArguments>();
  CLI::App* parser =
      add_command(root, options, "repair", "Keep all that is sound of a damaged store",
                  "Goes on from the newest snapshot whose manifest can be read. Rows of facts that "
                  "have lost a\n"
                  "value are left out; lost values of dimensions become null; what is lost is "
                  "listed by table,\n"
                  "day, cluster (genre) and column, and committed as a snapshot. Damaged files are "
                  "moved to the\n"
                  "folder damaged/ in the store. Make a copy of the store first where you can.",
                  "  stave repair music.stave --dry-run\n"
                  "  stave repair music.stave --format csv -o lost.csv\n");
  add_upkeep_options(*parser, arguments->store, arguments->options.dry_run,
                     "Say what is lost, and change nothing");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
