// `stave import`: bulk loads CSV dumps into a table.
#include <chrono>

#include "stave/import.h"
#include "stave/load_report.h"
#include "stave/store.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/dump_format_options.h"
#include "tools/cli/import_summary.h"
#include "tools/cli/import_table_options.h"
#include "tools/cli/input_files.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/load_options.h"
#include "tools/cli/progress.h"
#include "tools/cli/rules_option.h"
#include "tools/cli/sales_report_files.h"

namespace stave::cli {
namespace {

struct ImportArguments {
  std::string store;
  std::string table;
  std::vector<std::string> files;
  LoadArguments load;
  DumpFormatArguments format;
  TableArguments of_table;
  std::string rules;
  std::string summary = "text";
  ImportOptions import;
};

std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// The files are there and the store opens, so what was not found is the table: a misspelt argument.
int report_import_error(Error error, const ImportArguments& arguments,
                        const GlobalOptions& options) {
  if (error.code != ErrorCode::kNotFound) {
    return report_error(error, options);
  }
  std::vector<std::string> names;
  if (const auto store = Store::open(arguments.store)) {
    if (const auto described = describe(*store)) {
      for (const TableDescription& table : described->tables) {
        names.push_back(table.name);
      }
    }
  }
  if (error.message.find("id you mean") == std::string::npos) {
    error.message = with_hint(error.message, arguments.table, names);
  }
  return report_error(error, kWrongUse, options);
}

Result<ImportSummary> import_with_progress(ImportArguments& arguments,
                                           const std::vector<std::string>& files,
                                           const GlobalOptions& options) {
  ProgressBar bar("importing " + arguments.table, !options.quiet);
  arguments.import.on_progress = [&bar](const ImportProgress& progress) {
    bar.update(progress.bytes_read, progress.bytes_total, progress.rows, progress.bytes_read);
  };
  return import_files(arguments.store, arguments.table, files, arguments.import);
}

// Imports, and keeps what came of it.
LoadReport load(ImportArguments& arguments, const std::vector<std::string>& files,
                std::vector<QualityRule> rules, const GlobalOptions& options) {
  LoadReport report;
  report.table = arguments.table;
  report.files = files;
  report.dry_run = arguments.import.dry_run;
  if (!rules.empty()) {
    QualityOptions quality;
    quality.now = microseconds_now();
    quality.threads = options.threads;
    quality.memory_limit = options.memory_limit;
    quality.cancelled = arguments.import.cancelled;
    arguments.import.before_commit = quality_gate(std::move(rules), quality, report.rules);
  }
  auto imported = import_with_progress(arguments, files, options);
  if (imported) {
    report.summary = *std::move(imported);
  } else {
    report.error = std::move(imported).error();
  }
  return report;
}

int run(ImportArguments& arguments, const GlobalOptions& options) {
  ImportOptions& import = arguments.import;
  for (const auto& read : {read_load_options(arguments.load, import),
                           read_dump_format(arguments.format, import.format),
                           read_table_options(arguments.of_table, import)}) {
    if (!read) {
      return report_error(read.error(), options);
    }
  }
  const auto store = Store::open(arguments.store);
  if (!store) {
    return report_error(store.error(), options);
  }
  auto rules = read_rules(arguments.rules, *store, true);
  if (!rules) {
    return report_error(rules.error(), options);
  }
  auto files = find_input_files(arguments.files);
  SalesReportFiles converted;
  if (files && arguments.format.format == "dsr") {
    files = converted.convert(*files);
  }
  if (!files) {
    return report_error(files.error(), options);
  }
  import.threads = options.threads;
  import.memory_limit = options.memory_limit;
  import.cancelled = &stop_on_interrupt();
  const LoadReport report = load(arguments, *files, *std::move(rules), options);
  const bool as_json = arguments.summary == "json";
  if (as_json || (report.summary && (!options.quiet || !options.output_path.empty()))) {
    if (auto printed = print_load_report(report, as_json, options); !printed) {
      return report_error(printed.error(), options);
    }
  }
  if (report.error) {
    return report_import_error(*report.error, arguments, options);
  }
  return report.summary->rejected > 0 ? kDoneWithRejects : kDone;
}

void add_options(CLI::App& parser, ImportArguments& arguments) {
  ImportOptions& import = arguments.import;
  parser.add_option("STORE", arguments.store, "The store to import into")
      ->type_name("")
      ->required();
  parser.add_option("TABLE", arguments.table, "The table, by its name or an alias")
      ->type_name("")
      ->required();
  parser
      .add_option("FILE", arguments.files,
                  "Dumps, folders of dumps, patterns, or - for standard input")
      ->required();
  add_table_options(parser, arguments.of_table, import);
  add_load_options(parser, arguments.load);
  add_deduplication_options(parser, import.deduplication);
  parser
      .add_option("--rejects", import.rejects_directory,
                  "Folder for rejects.csv, which tells why each row was refused (default .)")
      ->type_name("DIR");
  add_dump_format_options(parser, arguments.format, import.format);
  add_rules_option(parser, arguments.rules);
  parser
      .add_option(
          "--summary", arguments.summary,
          "What is printed at the end: text, or json, one object, also of a load that fails")
      ->type_name("FORM")
      ->check(one_of({"text", "json"}));
  parser.add_flag("--dry-run", import.dry_run,
                  "Do everything but the commit, and say what would come into the store");
  CLI::Option* again = parser.add_flag("--again", import.again,
                                       "Import files whose very content was imported before");
  parser
      .add_flag("--resume", import.resume,
                "Commit in steps of some files, so that the same command goes on where it stopped")
      ->excludes(again);
}

}  // namespace

Command add_import(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* parser = add_command(
      root, options, "import", "Load dumps of CSV, JSON or Parquet into a table",
      "All files of one call are one load: it is in the store as a whole or not at all. "
      "Compressed\n"
      "files (.gz, .bz2, .zst) are read as they are. Plays may come before their tracks. In a "
      "table\n"
      "with a key, a key that is there already updates its row. A file that was imported before "
      "is\n"
      "skipped. Exit code 3: done, with rejects; 4: more rejects than tolerated, nothing imported.",
      "  stave import music.stave streams streams-*.csv\n"
      "  stave import music.stave tracks catalogue.csv.zst --extra drop\n"
      "  stave import music.stave streams new.csv --dry-run\n"
      "  stave import music.stave streams new.csv --rules rules.toml --summary json\n"
      "  stave import music.stave streams dumps/2025-05/ --max-rejects 0.1% --rejects bad/\n"
      "  zcat plays.csv.gz | stave import music.stave streams -\n"
      "  stave import music.stave airplay kcrw.csv.zst --create --time datetime\n"
      "  stave import music.stave found wild.csv --create --types text --ragged fill\n"
      "      --stray-quotes text --max-rejects 100%\n");
  add_options(*parser, *arguments);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
