// `stave query`: runs a program of the pipeline language.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "stave/query.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"

namespace stave::cli {
namespace {

struct QueryArguments {
  ProgramArguments common;
  std::string program;
  bool program_given = false;
  std::string file;
  bool explain = false;
};

struct Program {
  std::string text;
  std::string origin;
};

Result<Program> read_program(const QueryArguments& arguments) {
  if (arguments.program_given != arguments.file.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                arguments.program_given
                    ? "There are two programs: one as an argument and one by -f. Leave one out."
                    : "There is no program to run. Write it as an argument in quotes, for example "
                      "'from streams | take 5', or name a file with -f.");
  }
  if (arguments.program_given) {
    return Program{arguments.program, "query"};
  }
  using Characters = std::istreambuf_iterator<char>;
  if (arguments.file == "-") {
    return Program{std::string(Characters(std::cin), Characters()), "standard input"};
  }
  std::ifstream file(arguments.file, std::ios::binary);
  std::string text{Characters(file), Characters()};
  if (!file.is_open() || file.bad()) {
    return fail(ErrorCode::kNotFound,
                "Cannot read the program: " + arguments.file + " (" + std::strerror(errno) + ").");
  }
  return Program{std::move(text), arguments.file};
}

int explain_program(const QueryArguments& arguments, const Program& program,
                    const GlobalOptions& options) {
  const auto query = query_options(arguments.common, options, program.origin);
  if (!query) {
    return report_error(query.error(), options);
  }
  const auto store = Store::open(arguments.common.store, arguments.common.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  const auto plan = explain(*store, program.text, *query);
  return plan ? print_text(*plan, options) : report_error(plan.error(), options);
}

int run(const QueryArguments& arguments, const GlobalOptions& options) {
  const auto program = read_program(arguments);
  if (!program) {
    return report_error(program.error(), options);
  }
  if (arguments.explain) {
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
  CLI::Option* program =
      parser->add_option("PROGRAM", arguments->program, "The question")->type_name("");
  parser
      ->add_option("-f,--file", arguments->file,
                   "Read the program from FILE, or - for standard input")
      ->type_name("FILE");
  parser->add_flag("--explain", arguments->explain,
                   "Print how the program would run, and do not run it");
  add_program_options(*parser, arguments->common);
  return {parser, [arguments, program, &options] {
            arguments->program_given = program->count() > 0;
            return run(*arguments, options);
          }};
}

}  // namespace stave::cli
