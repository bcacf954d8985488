// `stave royalty`: runs of royalties and what the ledger holds of them.
#include <atomic>
#include <future>
#include <thread>

#include "stave/royalty.h"
#include "stave/sales_report.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/file_batch.h"
#include "tools/cli/program_run.h"
#include "tools/cli/royalty_rows.h"

namespace stave::cli {
namespace {

struct RoyaltyArguments {
  std::string action;
  ProgramArguments common;
  std::vector<std::uint64_t> runs;
  std::string model, period, to, rules, rightsholder, artist, track, folder;
  std::string sender = "Stave", service = "Music";
  bool dry_run = false;
  bool as_sales_report = false;
};

using Done = Result<int>;

Failure wrong(const std::string& message) {
  return fail(ErrorCode::kInvalidArgument, message + " See `stave royalty --help`.");
}

Result<std::uint64_t> only_run(const RoyaltyArguments& arguments) {
  if (arguments.runs.size() != 1) {
    return wrong("`stave royalty " + arguments.action + "` takes the number of one run.");
  }
  return arguments.runs[0];
}

std::optional<RoyaltyPayee> payee_of(const RoyaltyArguments& arguments) {
  if (!arguments.rightsholder.empty()) return RoyaltyPayee{false, arguments.rightsholder};
  if (!arguments.artist.empty()) return RoyaltyPayee{true, arguments.artist};
  return std::nullopt;
}

// Rules of the file, overruled by those of the command line.
Result<RoyaltyRunOptions> run_options(const RoyaltyArguments& arguments,
                                      const GlobalOptions& options) {
  const auto query = query_options(arguments.common, options, "royalty");
  if (!query) return pass(query);
  RoyaltyRunOptions run;
  if (!arguments.rules.empty()) {
    auto rules = read_royalty_rules(arguments.rules);
    if (!rules) return pass(rules);
    run.parameters = *std::move(rules);
  }
  for (const auto& [name, value] : query->parameters) run.parameters[name] = value;
  run.model = arguments.model;
  run.period = arguments.period;
  run.to = arguments.to;
  run.as_of = arguments.common.as_of;
  run.dry_run = arguments.dry_run;
  run.threads = query->threads;
  run.memory_limit = query->memory_limit;
  run.cancelled = query->cancelled;
  return run;
}

Result<void> write_files(const std::string& folder,
                         const std::map<std::string, std::string>& texts) {
  FileBatch files;
  auto done = files.open(folder);
  for (auto text = texts.begin(); done && text != texts.end(); ++text) {
    done = files.add(text->first, text->second);
  }
  return done ? files.finish() : done;
}

Done print_run(const RoyaltyRun& run, const GlobalOptions& options) {
  return print_rows(run_summary(run), rows_of_balances(run), options);
}

Done run(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  auto settings = run_options(arguments, options);
  if (!settings) return pass(settings);
  if (arguments.action == "restate") {
    const auto old = only_run(arguments);
    if (!old) return pass(old);
    settings->replaces = *old;
  } else if (arguments.period.empty() || !arguments.runs.empty()) {
    return wrong("`stave royalty run` takes a period, such as --period 2025-05-01.");
  }
  if (!arguments.folder.empty()) {
    if (!arguments.dry_run) {
      return wrong("--into goes with --dry-run; `stave royalty export` writes out stored runs.");
    }
    const auto texts = try_royalties(arguments.common.store, *settings);
    if (!texts) return pass(texts);
    if (auto written = write_files(arguments.folder, *texts); !written) return pass(written);
    return static_cast<int>(kDone);
  }
  const auto made = run_royalties(arguments.common.store, *settings);
  if (!made) return pass(made);
  if (arguments.action == "restate") {
    return print_rows(run_summary(*made), rows_of_adjustments(made->adjustments), options);
  }
  return print_run(*made, options);
}

Done list(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const auto runs = list_royalty_runs(arguments.common.store);
  if (!runs) return pass(runs);
  return print_rows("", rows_of_runs(*runs), options);
}

Done show(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const auto id = only_run(arguments);
  if (!id) return pass(id);
  const auto shown = read_royalty_run(arguments.common.store, *id);
  if (!shown) return pass(shown);
  return print_run(*shown, options);
}

Done diff(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  if (arguments.runs.size() != 2) {
    return wrong("`stave royalty diff` takes the numbers of two runs.");
  }
  const auto compared =
      compare_royalty_runs(arguments.common.store, arguments.runs[0], arguments.runs[1]);
  if (!compared) return pass(compared);
  return print_rows("", rows_of_adjustments(*compared), options);
}

Done pay(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const auto id = only_run(arguments);
  if (!id) return pass(id);
  const auto paid = pay_royalties(arguments.common.store, *id, payee_of(arguments));
  if (!paid) return pass(paid);
  return print_run(*paid, options);
}

// A name that any file system takes.
std::string file_name_of(const RoyaltyPayee& payee, const RoyaltyRun& run,
                         const std::string& ending) {
  std::string id;
  for (const char c : payee.id) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
    id += is_plain ? std::string(1, c) : "_" + std::to_string(static_cast<unsigned char>(c)) + "_";
  }
  return std::string("statement-") + (payee.is_artist ? "artist-" : "rightsholder-") + id + "-" +
         run.period + "." + ending;
}

Result<std::string> text_of(const Rows& rows, const GlobalOptions& options) {
  std::string text;
  OutputOptions output;
  output.format = options.format;
  output.title = "Royalty statement";
  const auto sink = make_output(output, [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  });
  auto printed = rows.print(*sink);
  if (printed) printed = sink->finish();
  if (!printed) return pass(printed);
  return text;
}

Result<void> print_statements(const RoyaltyStatements& statements, ResultSink& sink) {
  auto printed = sink.begin(statement_columns());
  for (std::size_t place = 0; printed && place < statements.size(); ++place) {
    const auto statement = statements.at(place);
    if (!statement) return pass(statement);
    printed = sink.batch(rows_of_statement(*statement));
  }
  return printed ? sink.end() : printed;
}

Result<void> add_statement(const RoyaltyStatement& statement, const RoyaltyRun& run,
                           const GlobalOptions& options, FileBatch& files) {
  const std::string ending = options.format == OutputFormat::kTable ? "txt" : options.format_name;
  const auto text = text_of(rows_of_statement(statement), options);
  return text ? files.add(file_name_of(statement.payee, run, ending), *text) : pass(text);
}

// A file for each payee, written by as many threads as there may be.
Result<void> write_statements(const RoyaltyStatements& statements, const std::string& folder,
                              const GlobalOptions& options) {
  FileBatch files;
  if (auto opened = files.open(folder); !opened) return opened;
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> has_failed = false;
  const auto write = [&]() -> Result<void> {
    while (!has_failed) {
      const std::size_t place = next++;
      if (place >= statements.size()) break;
      const auto statement = statements.at(place);
      auto added = statement ? add_statement(*statement, statements.run(), options, files)
                             : Result<void>(pass(statement));
      if (added) continue;
      has_failed = true;
      return added;
    }
    return {};
  };
  const std::size_t wanted = options.threads > 0
                                 ? static_cast<std::size_t>(options.threads)
                                 : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<Result<void>>> others;
  while (others.size() + 1 < std::min(wanted, statements.size())) {
    others.push_back(std::async(std::launch::async | std::launch::deferred, write));
  }
  auto written = write();
  for (auto& other : others) {
    auto done = other.get();
    if (written) written = std::move(done);
  }
  return written ? files.finish() : written;
}

Done statement(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const auto id = only_run(arguments);
  if (!id) return pass(id);
  const auto statements = RoyaltyStatements::open(arguments.common.store, *id, payee_of(arguments));
  if (!statements) return pass(statements);
  const RoyaltyRun& of = statements->run();
  if (arguments.folder.empty()) {
    return print_result(
        "Run " + std::to_string(*id) + ", " + of.model + ", " + of.period + " to " + of.to +
            ", seal " + of.seal + ".\n\n",
        [&](ResultSink& sink) { return print_statements(*statements, sink); }, options);
  }
  const auto written = write_statements(*statements, arguments.folder, options);
  return written ? Done(static_cast<int>(kDone)) : Done(pass(written));
}

Done explain(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const auto id = only_run(arguments);
  if (!id) return pass(id);
  if (arguments.track.empty()) {
    return wrong("`stave royalty explain` takes a track, such as --track 17.");
  }
  const auto query = query_options(arguments.common, options, "royalty");
  if (!query) return pass(query);
  const auto text = explain_royalties(arguments.common.store, *id, arguments.track, *query);
  if (!text) return pass(text);
  return print_text(*text, options);
}

Done export_run(const RoyaltyArguments& arguments, const GlobalOptions&) {
  const auto id = only_run(arguments);
  if (!id) return pass(id);
  if (arguments.folder.empty()) {
    return wrong("`stave royalty export` takes a folder to write to: --into DIR.");
  }
  if (arguments.as_sales_report) {
    const auto report = sales_report(arguments.common.store, *id, payee_of(arguments),
                                     {arguments.sender, arguments.service});
    if (!report) return pass(report);
    const std::map<std::string, std::string> texts{*report};
    const auto written = write_files(arguments.folder, texts);
    return written ? Done(static_cast<int>(kDone)) : Done(pass(written));
  }
  const auto texts = export_royalty_run(arguments.common.store, *id);
  if (!texts) return pass(texts);
  if (auto written = write_files(arguments.folder, *texts); !written) return pass(written);
  return static_cast<int>(kDone);
}

int act(const RoyaltyArguments& arguments, const GlobalOptions& options) {
  const std::pair<const char*, Done (*)(const RoyaltyArguments&, const GlobalOptions&)> actions[] =
      {{"run", run},          {"restate", run}, {"runs", list},           {"show", show},
       {"diff", diff},        {"pay", pay},     {"statement", statement}, {"explain", explain},
       {"export", export_run}};
  for (const auto& [name, action] : actions) {
    if (arguments.action != name) continue;
    const Done done = action(arguments, options);
    return done ? *done : report_error(done.error(), options);
  }
  return kWrongUse;
}

void add_options(CLI::App& parser, RoyaltyArguments& arguments) {
  parser
      .add_option("--model", arguments.model,
                  "run, restate: pro_rata (default), user_centric, artist_centric or per_play")
      ->type_name("MODEL");
  parser.add_option("--period", arguments.period, "run: the first day, such as 2025-05-01")
      ->type_name("DATE");
  parser.add_option("--to", arguments.to, "run: the last day (default the end of that month)")
      ->type_name("DATE");
  parser.add_option("--rules", arguments.rules, "run, restate: TOML file of rules, NAME = VALUE")
      ->type_name("FILE");
  parser
      .add_option("-p,--param", arguments.common.parameters,
                  "run, restate: set a rule; may be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add_as_of_option(parser, arguments.common.as_of);
  parser.add_flag("--dry-run", arguments.dry_run, "run, restate: compute and check, store nothing");
  parser.add_option("--rightsholder", arguments.rightsholder, "pay, statement: only this one")
      ->type_name("ID");
  parser
      .add_option("--artist", arguments.artist,
                  "pay, statement: only this artist, paid without a rights-holder")
      ->type_name("ID");
  parser.add_option("--track", arguments.track, "explain: the track")->type_name("ID");
  parser
      .add_option("--into", arguments.folder,
                  "export, statement, run --dry-run: the folder to write files to")
      ->type_name("DIR");
  parser.add_flag("--dsr", arguments.as_sales_report,
                  "export: a sales report, of one payee or of all");
  parser.add_option("--sender", arguments.sender, "export --dsr: who sends it (default Stave)")
      ->type_name("NAME");
  parser
      .add_option("--service", arguments.service, "export --dsr: of which service (default Music)")
      ->type_name("NAME");
}

}  // namespace

Command add_royalty(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<RoyaltyArguments>();
  CLI::App* parser = add_command(
      root, options, "royalty", "Store royalty runs, restate, pay and explain them",
      "A run is computed, checked and kept for good in the store's ledger, which `stave verify`\n"
      "tests. A correction is another run that replaces it, with adjustments that sum to 0.\n"
      "docs/royalties.md has the models and their rules.",
      "  stave royalty run music.stave --model user_centric --period 2025-05-01 --rules "
      "rules.toml\n"
      "  stave royalty runs music.stave\n"
      "  stave royalty statement music.stave 1 --rightsholder 17\n"
      "  stave royalty explain music.stave 1 --track 4711\n"
      "  stave royalty restate music.stave 1 && stave royalty pay music.stave 2\n");
  parser
      ->add_option("ACTION", arguments->action,
                   "run, runs, show, diff, restate, pay, statement, explain or export")
      ->type_name("")
      ->required()
      ->check(one_of(
          {"run", "runs", "show", "diff", "restate", "pay", "statement", "explain", "export"}));
  parser->add_option("STORE", arguments->common.store, "The store")->type_name("")->required();
  parser->add_option("RUN", arguments->runs, "The run's number; two for diff")->type_name("");
  add_options(*parser, *arguments);
  return {parser, [arguments, &options] { return act(*arguments, options); }};
}

}  // namespace stave::cli
