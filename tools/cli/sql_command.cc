// `stave sql`: a program as SQL for another engine.
#include "stave/sql.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/schema_option.h"

namespace stave::cli {
namespace {

struct SqlArguments {
  ProgramArguments common;
  ProgramSource source;
  SchemaOption schema;
  std::string dialect;
  bool no_prologue = false;
};

int run(SqlArguments& arguments, const GlobalOptions& options) {
  const auto dialect = sql_dialect(arguments.dialect);
  if (!dialect) {
    return report_error(dialect.error(), options);
  }
  const auto program = arguments.schema.read_program(arguments.source);
  if (!program) {
    return report_error(program.error(), options);
  }
  const auto query = query_options(arguments.common, options, program->origin);
  if (!query) {
    return report_error(query.error(), options);
  }
  const auto store = arguments.schema.open();
  if (!store) {
    return report_error(store.error(), options);
  }
  ProgramFaults faults;
  const auto text = to_sql(*store, program->text, *query, {*dialect, !arguments.no_prologue},
                           &faults.diagnostics, &faults.warnings);
  if (!options.quiet) {
    report_warnings(faults.warnings, options);
  }
  return text ? print_text(*text, options)
              : report_error(text.error(), options, faults.diagnostics);
}

}  // namespace

Command add_sql(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<SqlArguments>();
  CLI::App* parser = add_command(
      root, options, "sql", "Print a program as SQL for another engine",
      "For the tables that `stave export` writes. One common table expression for each stage; "
      "what\n"
      "a dialect cannot say is an error that names the stage.",
      "  stave sql music.stave --dialect duckdb 'from streams | summarize plays = count() by day'\n"
      "  stave sql --schema music --dialect postgres -f monthly.stq -o monthly.sql\n");
  arguments->schema.add(*parser, arguments->source);
  parser->add_option("--dialect", arguments->dialect, "duckdb, postgres, clickhouse or spark")
      ->type_name("DIALECT")
      ->required();
  parser->add_flag("--no-prologue", arguments->no_prologue,
                   "Leave out the settings that the statements rely on");
  parser
      ->add_option("-p,--param", arguments->common.parameters,
                   "Set a parameter; may be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  parser->add_option("--now", arguments->common.now, "What now() and today() are")
      ->type_name("TIME");
  add_metrics_option(*parser, arguments->common.metrics);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
