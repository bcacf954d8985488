// `stave export`: the tables of a store as files that other engines read.
#include "stave/export.h"

#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/program_run.h"
#include "tools/cli/progress.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct ExportArguments {
  std::string store;
  std::string directory;
  std::string as_of;
  std::string by = "day";
  std::string compression;
  bool has_format = false;
  ExportOptions options;
};

Result<void> read_options(ExportArguments& arguments, const GlobalOptions& options) {
  ExportOptions& wanted = arguments.options;
  if (arguments.has_format) {
    const auto format = export_format(options.format_name);
    if (!format) return pass(format);
    wanted.format = *format;
  }
  if (!arguments.compression.empty()) {
    const auto compression = export_compression(arguments.compression);
    if (!compression) return pass(compression);
    wanted.compression = *compression;
  }
  wanted.by = arguments.by == "month" ? ExportBy::kMonth : ExportBy::kDay;
  wanted.threads = options.threads;
  wanted.cancelled = &stop_on_interrupt();
  return {};
}

Rows rows_of(const ExportSummary& summary) {
  Rows rows(
      {{"table", kStringType}, {"rows", kInt64Type}, {"files", kInt64Type}, {"bytes", kInt64Type}});
  for (const ExportedTable& table : summary.tables) {
    rows.add(
        {table.table, number_cell(table.rows), number_cell(table.files), number_cell(table.bytes)});
  }
  return rows;
}

std::string heading(const ExportArguments& arguments, const ExportSummary& summary) {
  return "Exported snapshot " + std::to_string(summary.snapshot) + " to " + arguments.directory +
         " in " + duration_text(summary.seconds) + ":\n\n";
}

int run(ExportArguments& arguments, const GlobalOptions& options) {
  if (auto read = read_options(arguments, options); !read) {
    return report_error(read.error(), options);
  }
  const auto store = Store::open(arguments.store, arguments.as_of);
  if (!store) {
    return report_error(store.error(), options);
  }
  const auto summary = [&] {
    ProgressBar bar("exporting", !options.quiet);
    arguments.options.on_progress = [&bar](std::uint64_t done, std::uint64_t total) {
      bar.update(done, total, done, 0);
    };
    return export_store(*store, arguments.directory, arguments.options);
  }();
  if (!summary) {
    return report_error(summary.error(), options);
  }
  if (options.quiet) {
    return kDone;
  }
  GlobalOptions printed = options;  // the format is that of the files
  printed.format = OutputFormat::kTable;
  return print_rows(heading(arguments, *summary), rows_of(*summary), printed);
}

}  // namespace

Command add_export(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* parser =
      add_command(root, options, "export", "Write the tables as files for other engines",
                  "Parquet, CSV, JSON lines or Arrow: facts in folders by day (or month) and "
                  "genre, which engines "
                  "leave\nunread where a question allows; other tables one folder each. "
                  "manifest.json lists all "
                  "files; ddl/ has\nscripts that make the tables on DuckDB, ClickHouse, Spark, "
                  "Redshift Spectrum "
                  "and Athena.",
                  "  stave export music.stave out\n"
                  "  stave export music.stave out streams tracks --by month --compression snappy\n"
                  "  stave export music.stave out --format csv\n");
  parser->add_option("STORE", arguments->store, "The store")->type_name("")->required();
  parser
      ->add_option("DIR", arguments->directory,
                   "The folder to write: new, empty, or of an earlier export")
      ->type_name("")
      ->required();
  parser->add_option("TABLES", arguments->options.tables, "Only these tables")->type_name("");
  parser->add_option("--by", arguments->by, "Facts in folders by day or month (default day)")
      ->type_name("PERIOD")
      ->check(one_of({"day", "month"}));
  parser
      ->add_option("--compression", arguments->compression,
                   "Inside Parquet and Arrow files: none, snappy, lz4 or zstd (default zstd)")
      ->type_name("NAME");
  parser->add_flag("--force", arguments->options.force,
                   "Write into a folder that holds other files; they stay");
  add_as_of_option(*parser, arguments->as_of);
  return {parser, [arguments, parser, &options] {
            arguments->has_format = parser->count("--format") > 0;
            return run(*arguments, options);
          }};
}

}  // namespace stave::cli
