// `stave check`: the columns and types that a program gives, without running it.
#include "stave/program.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/program_text.h"
#include "tools/cli/rows.h"
#include "tools/cli/schema_option.h"

namespace stave::cli {
namespace {

struct CheckArguments {
  ProgramArguments common;
  ProgramSource source;
  SchemaOption schema;
};

Rows rows_of(const std::vector<std::vector<ResultColumn>>& results, bool numbered) {
  std::vector<ResultColumn> columns;
  if (numbered) {
    columns.push_back({"result", kInt64Type});
  }
  columns.push_back({"column", kStringType});
  columns.push_back({"type", kStringType});
  Rows rows(std::move(columns));
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const ResultColumn& column : results[i]) {
      std::vector<Cell> cells;
      if (numbered) {
        cells.emplace_back(static_cast<std::int64_t>(i + 1));
      }
      cells.emplace_back(column.name);
      cells.emplace_back(to_string(column.type));
      rows.add(std::move(cells));
    }
  }
  return rows;
}

int run(CheckArguments& arguments, const GlobalOptions& options) {
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
  const auto results = check(*store, program->text, *query, &faults.diagnostics, &faults.warnings);
  if (!options.quiet) {
    report_warnings(faults.warnings, options);
  }
  if (!results) {
    return report_error(results.error(), options, faults.diagnostics);
  }
  const bool numbered = results->size() > 1 || options.format != OutputFormat::kTable;
  return print_rows("", rows_of(*results, numbered), options);
}

}  // namespace

Command add_check(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* parser = add_command(
      root, options, "check", "Say what columns a program gives, without running it",
      "Faults are told as by `stave query`, with exit code 2. No row is read. A parameter without "
      "a\nvalue counts as null of its type.",
      "  stave check music.stave 'from streams | summarize plays = count() by day'\n"
      "  stave check music.stave -f monthly.stq --errors json\n"
      "  stave check --schema radio.toml -f monthly.stq\n");
  arguments->schema.add(*parser, arguments->source);
  parser
      ->add_option("-p,--param", arguments->common.parameters,
                   "Set a parameter; may be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add_metrics_option(*parser, arguments->common.metrics);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
