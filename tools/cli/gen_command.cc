// `stave gen`: writes deterministic dumps to try things on.
#include <cstdio>

#include "stave/generate.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/progress.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct GenArguments {
  std::string directory;
  std::string store;
  GenerateOptions generate;
};

int run(GenArguments& arguments, const GlobalOptions& options) {
  if (arguments.directory.empty() == arguments.store.empty()) {
    return report_error({ErrorCode::kInvalidArgument,
                         "Dumps go to a folder or into a store: name one of the two, such as "
                         "`stave gen dumps` or `stave gen --into music.stave`."},
                        options);
  }
  GenerateOptions& generate_options = arguments.generate;
  generate_options.threads = options.threads;
  generate_options.memory_limit = options.memory_limit;
  generate_options.cancelled = &stop_on_interrupt();
  const auto made = [&] {
    ProgressBar bar("generating", !options.quiet);
    generate_options.on_progress = [&bar](std::uint64_t done, std::uint64_t total) {
      bar.update(done, total, done, 0);
    };
    return arguments.store.empty() ? generate(arguments.directory, generate_options)
                                   : generate_into(arguments.store, generate_options);
  }();
  if (!made) {
    return report_error(made.error(), options);
  }
  if (!options.quiet) {
    const bool writes_dumps = arguments.store.empty();
    std::printf("%s 11 tables %s %s: %s plays of %s tracks by %s users over %s days.\n",
                writes_dumps ? "Wrote dumps of" : "Filled", writes_dumps ? "to" : "of",
                (writes_dumps ? arguments.directory : arguments.store).c_str(),
                grouped(generate_options.streams).c_str(), grouped(generate_options.tracks).c_str(),
                grouped(generate_options.users).c_str(), grouped(generate_options.days).c_str());
  }
  return kDone;
}

}  // namespace

Command add_gen(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<GenArguments>();
  GenerateOptions& generate_options = arguments->generate;
  CLI::App* parser = add_command(
      root, options, "gen", "Write made-up dumps to try things on",
      "CSV files for streams, tracks, artists, users, subscriptions, royalty_rates, pools, "
      "splits,\n"
      "rightsholders, campaigns and sessions, plausibly skewed. The same options give the same "
      "bytes\n"
      "on every machine. With --into the rows go straight into a store.",
      "  stave gen dumps\n"
      "  stave gen dumps --streams 20000000 --tracks 100000 --users 1000000 --days 90 --seed 7\n"
      "  stave gen --into music.stave --streams 20000000 --days 90\n"
      "  stave init music.stave && stave import music.stave tracks dumps/tracks.csv\n");
  parser->add_option("DIR", arguments->directory, "The folder to write to, made if missing")
      ->type_name("");
  parser
      ->add_option("--into", arguments->store,
                   "Instead of a folder: the store to fill, made if missing")
      ->type_name("STORE");
  const auto count = [&](const char* name, std::uint64_t& value, const std::string& what) {
    parser->add_option(name, value, what + " (default " + std::to_string(value) + ")")
        ->type_name("N")
        ->check(whole_number(0, UINT64_MAX));
  };
  count("--streams", generate_options.streams, "Plays");
  count("--tracks", generate_options.tracks, "Tracks; artists are an eighth of them");
  count("--users", generate_options.users, "Users");
  count("--days", generate_options.days, "Days that the plays are spread over");
  count("--seed", generate_options.seed, "Another seed, another world");
  parser
      ->add_option("--first-day", generate_options.first_day,
                   "The first of the days (default " + generate_options.first_day + ")")
      ->type_name("DATE");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
