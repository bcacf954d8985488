// `stave query`: runs a program of the pipeline language.
#include "stave/analyze.h"
#include "stave/query.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/program_text.h"

namespace stave::cli {
namespace {

struct QueryArguments {
  ProgramArguments common;
  ProgramSource source;
  std::string explain;  // "plan", "analyze", or empty: run the program
};

int explain_program(const QueryArguments& arguments, const ProgramText& program,
                    const GlobalOptions& options) {
  const auto query = query_options(arguments.common, options, program.origin);
  if (!query) {
    return report_error(query.error(), options);
  }
  const auto store = Store::open(arguments.common.store, arguments.common.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  const auto plan = arguments.explain == "analyze" ? analyze(*store, program.text, *query)
                                                   : explain(*store, program.text, *query);
  return plan ? print_text(*plan, options) : report_error(plan.error(), options);
}

int run(const QueryArguments& arguments, const GlobalOptions& options) {
  const auto program = read_program(arguments.source);
  if (!program) {
    return report_error(program.error(), options);
  }
  if (!arguments.explain.empty()) {
    return explain_program(arguments, *program, options);
  }
  return run_program(arguments.common, options, program->origin,
                     [&](const Store& store, const QueryOptions& query_options, ResultSink& sink,
                         ProgramFaults& faults) {
                       return query(store, program->text, query_options, sink, &faults.diagnostics,
                                    &faults.warnings);
                     });
}

}  // namespace

Command add_query(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<QueryArguments>();
  CLI::App* parser = add_command(
      root, options, "query", "Ask a question in the pipeline language",
      "A program is a source and stages joined by |, each seeing what the one before it made:\n"
      "where, derive, select, drop, rename, summarize .. by, sort, take, top .. per, distinct, "
      "join.\n"
      "track.track_genre follows streams to their tracks. Quote the program for the shell.",
      "  stave query music.stave 'from streams | take 5'\n"
      "  stave query music.stave 'from streams | summarize plays = count() by genre = "
      "track.track_genre\n"
      "                           | top 10 by plays desc'\n"
      "  stave query music.stave 'param c: string; from users | where country == $c' -p c=SE\n"
      "  stave query music.stave -f monthly.stq --format csv -o monthly.csv\n"
      "  stave query music.stave 'from streams | summarize n = count() by day' --explain\n");
  parser->add_option("STORE", arguments->common.store, "The store to ask")
      ->type_name("")
      ->required();
  add_program_source(*parser, arguments->source);
  parser
      ->add_flag(
          "--explain{plan}", arguments->explain,
          "Print how the program would run, and do not run it; with =analyze, run it and print "
          "what each step read, gave and took instead of the rows")
      ->check(CLI::IsMember({"plan", "analyze"}));
  add_program_options(*parser, arguments->common);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
