// A reader that closes the pipe ends a run without a word and without an error.
#include "tools/cli/program_run.h"

#include <memory>
#include <utility>
#include <vector>

#include "tools/cli/cli11.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/output_target.h"
#include "tools/cli/program_text.h"

namespace stave::cli {
namespace {

// The program ends with the question, and the system takes back what it had in less time than its
// many small parts take to be given back one by one.
const Store& kept_open(Store store) {
  static std::vector<std::unique_ptr<const Store>>& all =
      *new std::vector<std::unique_ptr<const Store>>;
  return *all.emplace_back(std::make_unique<const Store>(std::move(store)));
}

}  // namespace

void add_program_options(CLI::App& parser, ProgramArguments& arguments) {
  parser
      .add_option("-p,--param", arguments.parameters, "Set a parameter; may be given several times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  parser.add_option("--now", arguments.now, "What now() and today() are, as 2025-05-31T12:00:00")
      ->type_name("TIME");
  add_as_of_option(parser, arguments.as_of);
  add_metrics_option(parser, arguments.metrics);
  parser.add_flag("--skip-damaged", arguments.skip_damaged,
                  "Leave out days with damaged files, naming them, rather than fail");
}

void add_as_of_option(CLI::App& parser, std::string& as_of) {
  parser.add_option("--as-of", as_of, "The store as it was: a snapshot's number, or a time in UTC")
      ->type_name("SNAPSHOT");
}

void add_metrics_option(CLI::App& parser, std::string& file) {
  parser.add_option("--metrics", file, "Metrics that the program may use, declared in FILE")
      ->type_name("FILE");
}

Result<void> read_metrics(const std::string& file, QueryOptions& options) {
  if (file.empty()) {
    return {};
  }
  auto text = read_whole_file(file);
  if (!text) {
    return pass(text);
  }
  options.metrics = std::move(*text);
  options.metrics_origin = file;
  return {};
}

Result<QueryOptions> query_options(const ProgramArguments& arguments, const GlobalOptions& options,
                                   const std::string& origin) {
  QueryOptions query;
  for (const std::string& parameter : arguments.parameters) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::kInvalidArgument, "A parameter is NAME=VALUE: \"" + parameter +
                                                   "\". For example -p from=2025-05-01.");
    }
    const std::string name = parameter.substr(0, equals);
    if (!query.parameters.emplace(name, parameter.substr(equals + 1)).second) {
      return fail(ErrorCode::kInvalidArgument,
                  "A parameter is given twice: " + name + ". Leave one of them out.");
    }
  }
  query.now = arguments.now;
  query.skip_damaged = arguments.skip_damaged;
  query.origin = origin;
  query.threads = options.threads;
  query.memory_limit = options.memory_limit;
  query.cancelled = &stop_on_interrupt();
  if (auto read = read_metrics(arguments.metrics, query); !read) {
    return pass(read);
  }
  return query;
}

int run_program(const ProgramArguments& arguments, const GlobalOptions& options,
                const std::string& origin, const ProgramRun& run, const ProgramNote& note) {
  const auto query = query_options(arguments, options, origin);
  if (!query) {
    return report_error(query.error(), options);
  }
  auto opened_store = Store::open(arguments.store, arguments.as_of);
  if (!opened_store) {
    return report_error(opened_store.error(), options);
  }
  const Store& store = kept_open(*std::move(opened_store));
  OutputTarget target;
  if (auto opened = target.open(options.output_path); !opened) {
    return report_error(opened.error(), options);
  }
  ProgramFaults faults;
  ResultSink& sink = target.sink(options, note ? origin + "\n" + note(store, *query) : origin);
  auto ran = run(store, *query, sink, faults);
  if (ran) {
    ran = target.finish();
  }
  if (!options.quiet) {
    report_warnings(faults.warnings, options);
  }
  if (target.reader_left()) {
    return kDone;
  }
  return ran ? static_cast<int>(kDone) : report_error(ran.error(), options, faults.diagnostics);
}

int print_text(const std::string& text, const GlobalOptions& options) {
  OutputTarget target;
  auto printed = target.open(options.output_path);
  if (printed) {
    printed = target.write(text);
  }
  if (printed) {
    printed = target.finish();
  }
  if (printed || target.reader_left()) {
    return kDone;
  }
  return report_error(printed.error(), options);
}

int print_rows(const std::string& heading, const Rows& rows, const GlobalOptions& options) {
  return print_result(
      heading, [&rows](ResultSink& sink) { return rows.print(sink); }, options);
}

int print_result(const std::string& heading, const std::function<Result<void>(ResultSink&)>& print,
                 const GlobalOptions& options) {
  OutputTarget target;
  auto printed = target.open(options.output_path);
  if (printed && options.format == OutputFormat::kTable && !options.quiet) {
    printed = target.write(heading);
  }
  if (printed) {
    printed = print(target.sink(options));
  }
  if (printed) {
    printed = target.finish();
  }
  if (printed || target.reader_left()) {
    return kDone;
  }
  return report_error(printed.error(), options);
}

int print_outcome(const std::string& text, const Rows& rows, const GlobalOptions& options) {
  if (options.format != OutputFormat::kTable || rows.rows() > 0) {
    return print_rows(text, rows, options);
  }
  return options.quiet ? static_cast<int>(kDone) : print_text(text, options);
}

void add_upkeep_options(CLI::App& parser, std::string& store, bool& dry_run,
                        const std::string& dry_run_help) {
  parser.add_option("STORE", store, "The store")->type_name("")->required();
  parser.add_flag("--dry-run", dry_run, dry_run_help);
}

}  // namespace stave::cli
