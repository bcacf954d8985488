// `stave dashboard`: a page about a store.
#include "stave/dashboard.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/output_target.h"
#include "tools/cli/program_run.h"

namespace stave::cli {
namespace {

struct DashboardArguments {
  std::string store;
  std::string as_of;
  DashboardOptions dashboard;
};

int run(const DashboardArguments& arguments, const GlobalOptions& options) {
  const auto store = Store::open(arguments.store, arguments.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  DashboardOptions dashboard = arguments.dashboard;
  dashboard.threads = options.threads;
  dashboard.memory_limit = options.memory_limit;
  dashboard.cancelled = &stop_on_interrupt();
  OutputTarget target;
  auto written = target.open(options.output_path);
  if (written) {
    written = write_dashboard(*store, arguments.store, dashboard,
                              [&](std::string_view text) { return target.write(text); });
  }
  if (written) {
    written = target.finish();
  }
  return written || target.reader_left() ? static_cast<int>(kDone)
                                         : report_error(written.error(), options);
}

}  // namespace

Command add_dashboard(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<DashboardArguments>();
  CLI::App* parser = add_command(
      root, options, "dashboard", "Write a page of charts about the plays",
      "One HTML file that opens from disk and asks no network: plays and listeners by day, "
      "genres,\n"
      "countries, hours, rankings, retention, royalties, quality and imports, with filters.",
      "  stave dashboard music.stave -o page.html\n"
      "  stave dashboard music.stave -o may.html --title 'May at our label' --period 2025-05-01\n");
  parser->add_option("STORE", arguments->store, "The store to show")->type_name("")->required();
  parser->add_option("--title", arguments->dashboard.title, "The page's title")->type_name("TEXT");
  parser
      ->add_option("--period", arguments->dashboard.period,
                   "The month whose royalties are shown (default: the last that has plays)")
      ->type_name("DATE");
  add_as_of_option(*parser, arguments->as_of);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
