// The file is replaced as any output is: written beside its place, and renamed once it is whole.
#include "tools/cli/report_upsert.h"

#include <filesystem>
#include <optional>

#include "stave/upsert.h"
#include "tools/cli/cli11.h"
#include "tools/cli/output_target.h"

namespace stave::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> key_of(const UpsertArguments& arguments, const Store& store,
                                const std::string& report) {
  if (arguments.key.empty()) {
    return report_key(store, report);
  }
  std::vector<std::string> key;
  std::string_view rest = arguments.key;
  while (true) {
    const std::size_t comma = rest.find(',');
    key.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) {
      return key;
    }
    rest.remove_prefix(comma + 1);
  }
}

// A folder gets parts where `stave export` puts a table without partitions; nothing for a file.
std::optional<std::string> folder_in(const std::string& path, const std::string& report) {
  std::error_code error;
  if (!path.ends_with('/') && !fs::is_directory(path, error)) {
    return std::nullopt;
  }
  return (fs::path(path) / report).string();
}

UpsertOptions upsert_options(const Store& store, const QueryOptions& query,
                             const std::string& report, const UpsertArguments& arguments,
                             const GlobalOptions& options) {
  UpsertOptions upserting;
  upserting.key = key_of(arguments, store, report);
  upserting.format = options.format;
  upserting.threads = options.threads;
  upserting.memory_limit = options.memory_limit;
  upserting.cancelled = query.cancelled;
  return upserting;
}

Result<void> upsert_file(const std::string& path, const UpsertOptions& upserting,
                         const std::string& report, const GlobalOptions& options,
                         const RowProducer& produce, OutputTarget& target) {
  if (auto opened = target.open(path); !opened) {
    return opened;
  }
  const auto done = upsert_rows(path, upserting, produce, target.sink(options, report));
  return done ? target.finish() : Result<void>(pass(done));
}

Result<void> print_statements(const Store& store, const std::string& report,
                              const UpsertArguments& arguments, const GlobalOptions& options,
                              const RowProducer& produce, OutputTarget& target) {
  const auto dialect = upsert_dialect(arguments.dialect);
  if (!dialect) {
    return pass(dialect);
  }
  const auto key = key_of(arguments, store, report);
  if (key.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "What tells the rows of " + report +
                    " apart is not known. Name the columns with --key, or in a line `# key: ...` "
                    "of the report.");
  }
  if (auto opened = target.open(options.output_path); !opened) {
    return opened;
  }
  const std::string table = arguments.table.empty() ? report : arguments.table;
  const auto statements = make_upsert_statements(
      *dialect, table, key, [&](std::string_view text) { return target.write(text); });
  auto done = produce(*statements);
  if (done) {
    done = statements->finish();
  }
  return done ? target.finish() : done;
}

}  // namespace

void add_upsert_options(CLI::App& parser, UpsertArguments& arguments) {
  auto* into_file =
      parser.add_flag("--upsert", arguments.into_file,
                      "Merge into the file or folder of -o by key: csv, tsv, jsonl or parquet");
  parser
      .add_option("--sql-upsert", arguments.dialect,
                  "Print an upsert for a database: postgres, redshift or dynamodb")
      ->type_name("DIALECT")
      ->excludes(into_file);
  parser
      .add_option("--key", arguments.key,
                  "Columns that tell rows apart (default: as the report says)")
      ->type_name("COLUMN,...");
  parser
      .add_option("--table", arguments.table,
                  "The table of --sql-upsert (default: the name of the report)")
      ->type_name("NAME");
}

int run_upsert(const ProgramArguments& program, const std::string& report,
               const UpsertArguments& arguments, const GlobalOptions& options,
               const ProgramRun& run) {
  if (report.empty()) {
    return report_error({ErrorCode::kInvalidArgument, "A report to upsert is missing. Name one."},
                        options);
  }
  if (arguments.into_file && options.output_path.empty()) {
    return report_error(
        {ErrorCode::kInvalidArgument, "There is no file to upsert into. Name one with -o FILE."},
        options);
  }
  const auto query = query_options(program, options, report);
  if (!query) {
    return report_error(query.error(), options);
  }
  const auto store = Store::open(program.store, program.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  ProgramFaults faults;
  OutputTarget target;
  const RowProducer produce = [&](ResultSink& sink) { return run(*store, *query, sink, faults); };
  Result<void> done;
  if (arguments.into_file) {
    const UpsertOptions upserting = upsert_options(*store, *query, report, arguments, options);
    const auto folder = folder_in(options.output_path, report);
    if (folder) {
      const auto upserted = upsert_folder(*folder, upserting, produce);
      done = upserted ? Result<void>() : Result<void>(pass(upserted));
    } else {
      done = upsert_file(options.output_path, upserting, report, options, produce, target);
    }
  } else {
    done = print_statements(*store, report, arguments, options, produce, target);
  }
  if (!options.quiet) {
    report_warnings(faults.warnings, options);
  }
  if (target.reader_left()) {
    return kDone;
  }
  return done ? static_cast<int>(kDone) : report_error(done.error(), options, faults.diagnostics);
}

}  // namespace stave::cli
