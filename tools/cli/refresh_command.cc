// `stave refresh`: brings the kept results of reports up to date.
#include "stave/materialize.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/kept_rows.h"
#include "tools/cli/program_run.h"

namespace stave::cli {
namespace {

struct RefreshArguments {
  std::string store;
  std::string forget;
  bool full = false;
};

Rows rows_of(const std::vector<RefreshedReport>& reports) {
  Rows rows({{"report", kStringType},
             {"parameters", kStringType},
             {"kept_by", kStringType},
             {"periods", kInt64Type},
             {"computed", kInt64Type},
             {"rows", kInt64Type},
             {"because", kStringType}});
  for (const RefreshedReport& report : reports) {
    rows.add({report.name, given_text(report.parameters, ""), kept_by_text(report.kept_by),
              number_cell(report.periods), number_cell(report.computed), number_cell(report.rows),
              report.because});
  }
  return rows;
}

int forget(const RefreshArguments& arguments, const GlobalOptions& options) {
  const auto forgotten = forget_kept_report(arguments.store, arguments.forget);
  if (!forgotten) {
    return report_error(forgotten.error(), options);
  }
  if (*forgotten == 0) {
    return report_error({ErrorCode::kNotFound, "Nothing is kept of " + arguments.forget +
                                                   ". `stave report STORE` lists what is."},
                        options);
  }
  return options.quiet
             ? static_cast<int>(kDone)
             : print_text("Nothing is kept of " + arguments.forget + " any more.\n", options);
}

int run(const RefreshArguments& arguments, const GlobalOptions& options) {
  if (!arguments.forget.empty()) {
    return forget(arguments, options);
  }
  RefreshOptions refreshing;
  refreshing.full = arguments.full;
  refreshing.threads = options.threads;
  refreshing.memory_limit = options.memory_limit;
  refreshing.cancelled = &stop_on_interrupt();
  const auto reports = refresh(arguments.store, refreshing);
  if (!reports) {
    return report_error(reports.error(), options);
  }
  if (options.quiet && options.format == OutputFormat::kTable) {
    return kDone;
  }
  const std::string heading = reports->empty()
                                  ? "No report is kept. Keep one with `stave report STORE NAME "
                                    "--materialize`.\n"
                                  : "";
  return print_outcome(heading, rows_of(*reports), options);
}

}  // namespace

Command add_refresh(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<RefreshArguments>();
  CLI::App* parser = add_command(
      root, options, "refresh", "Bring the reports that a store keeps up to date",
      "Computes again only the days (weeks, months) whose plays changed since, or hold a key "
      "whose\n"
      "row changed in a table that the report looks into. What is kept always equals what\n"
      "computing the report would give. Keep one with `stave report STORE NAME --materialize`.",
      "  stave refresh music.stave\n"
      "  stave refresh music.stave --full\n"
      "  stave refresh music.stave --forget kpi.hourly\n");
  parser->add_option("STORE", arguments->store, "The store")->type_name("")->required();
  parser->add_flag("--full", arguments->full, "Compute everything again");
  parser->add_option("--forget", arguments->forget, "Delete what is kept of a report instead")
      ->type_name("NAME");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
