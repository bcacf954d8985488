// `stave watch`: imports the dumps that arrive in a folder.
#include <cstdio>

#include "stave/store.h"
#include "stave/watch.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/folder_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/load_options.h"
#include "tools/cli/rules_option.h"

namespace stave::cli {
namespace {

struct WatchArguments {
  std::string store;
  std::string inbox;
  std::string rules;
  std::string folder_options;
  std::uint64_t settle = 5;
  LoadArguments load;
  WatchOptions watch;
};

bool is_trouble(const WatchEvent& event) {
  return event.name == "wait" || event.name == "problem" || event.name == "ignored" ||
         (event.name == "run" && event.text.starts_with("failed"));
}

// Lines have no time: the run log does.
void print_event(const WatchEvent& event, bool quiet) {
  if (!quiet || is_trouble(event)) {
    std::fprintf(stderr, "%s\n", event.text.c_str());
  }
}

int run(WatchArguments& arguments, const GlobalOptions& options) {
  WatchOptions& watch = arguments.watch;
  watch.import.threads = options.threads;
  watch.import.memory_limit = options.memory_limit;
  if (auto read = read_load_options(arguments.load, watch.import); !read) {
    return report_error(read.error(), options);
  }
  auto folders = read_folder_options(arguments.folder_options, arguments.load, watch.import);
  if (!folders) {
    return report_error(folders.error(), options);
  }
  watch.import_of = *std::move(folders);
  const auto store = Store::open(arguments.store);
  if (!store) {
    return report_error(store.error(), options);
  }
  auto rules = read_rules(arguments.rules, *store, false);
  if (!rules) {
    return report_error(rules.error(), options);
  }
  watch.rules = *std::move(rules);
  watch.settle = std::chrono::seconds(arguments.settle);
  watch.cancelled = &stop_on_interrupt();
  watch.on_event = [&options](const WatchEvent& event) { print_event(event, options.quiet); };
  const auto watched = watch_inbox(arguments.store, arguments.inbox, watch);
  if (!watched) {
    return report_error(watched.error(), options);
  }
  if (watched->waits_for) {
    return exit_code_of(watched->waits_for->code);
  }
  return watch.once && watched->failed > 0 ? kFailed : kDone;
}

void add_options(CLI::App& parser, WatchArguments& arguments) {
  WatchOptions& watch = arguments.watch;
  parser.add_option("STORE", arguments.store, "The store to import into")
      ->type_name("")
      ->required();
  parser
      .add_option("INBOX", arguments.inbox,
                  "The folder in which dumps arrive, as TABLE/FILE below it")
      ->type_name("")
      ->required();
  parser.add_flag("--once", watch.once, "Import what is there and return, as cron wants it");
  parser
      .add_option("--settle", arguments.settle,
                  "A file is complete when it stayed the same for N seconds (default 5)")
      ->type_name("N")
      ->check(whole_number(0, 86'400));
  add_rules_option(parser, arguments.rules);
  parser
      .add_option("--on-failure", watch.on_failure,
                  "Run CMD with /bin/sh after each file that failed, its run as JSON on standard "
                  "input")
      ->type_name("CMD");
  parser
      .add_option("--on-success", watch.on_success,
                  "The same after each file that was imported, or skipped as imported before")
      ->type_name("CMD");
  parser
      .add_option("--log", watch.log_path,
                  "The run log, an object a line (default INBOX/watch.log.jsonl)")
      ->type_name("FILE");
  add_load_options(parser, arguments.load);
  parser
      .add_option("--folder-options", arguments.folder_options,
                  "TOML that gives folders options of `stave import`: streams = \"--extra drop\"")
      ->type_name("FILE");
}

}  // namespace

Command add_watch(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<WatchArguments>();
  CLI::App* parser = add_command(
      root, options, "watch", "Import the dumps that arrive in a folder",
      "INBOX/streams/plays.csv is imported into the table streams once it is complete, and moved "
      "to\n"
      "INBOX/archive/DATE/streams/ or, where that fails, INBOX/failed/DATE/streams/, with the "
      "reason\n"
      "beside it. What may help is tried again. Runs until it is stopped (Ctrl-C, SIGTERM), and "
      "may be\n"
      "killed at any time: no file is lost or imported twice.",
      "  stave watch music.stave inbox --rules rules.toml\n"
      "  stave watch music.stave inbox --once --on-failure 'mail -s \"import failed\" "
      "data@radio'\n");
  add_options(*parser, *arguments);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
