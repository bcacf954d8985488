// `stave backup`: a copy of a store that is a store itself.
#include "stave/backup.h"

#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/program_run.h"
#include "tools/cli/progress.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct BackupArguments {
  std::string store;
  std::string destination;
  BackupOptions options;
};

std::string text_of(const BackupArguments& arguments, const BackupReport& report) {
  std::string text = arguments.destination + " holds snapshot " + std::to_string(report.snapshot) +
                     " of " + arguments.store + ": " + grouped(report.files) + " files, " +
                     bytes_text(report.bytes) + "; copied " + grouped(report.copied_files) + ", " +
                     bytes_text(report.copied_bytes) + ".\n";
  for (const std::string& path : report.mended) {
    text += "Was not whole in the backup and was copied again: " + path + "\n";
  }
  return text;
}

Rows rows_of(const BackupReport& report) {
  Rows rows({{"snapshot", kInt64Type},
             {"files", kInt64Type},
             {"bytes", kInt64Type},
             {"copied_files", kInt64Type},
             {"copied_bytes", kInt64Type},
             {"mended_files", kInt64Type}});
  rows.add({number_cell(report.snapshot), number_cell(report.files), number_cell(report.bytes),
            number_cell(report.copied_files), number_cell(report.copied_bytes),
            number_cell(report.mended.size())});
  return rows;
}

int run(BackupArguments& arguments, const GlobalOptions& options) {
  const auto report = [&] {
    ProgressBar bar("copying", !options.quiet);
    arguments.options.cancelled = &stop_on_interrupt();
    arguments.options.on_progress = [&bar](std::uint64_t done, std::uint64_t total) {
      bar.update(done, total, 0, done);
    };
    return backup_store(arguments.store, arguments.destination, arguments.options);
  }();
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.format != OutputFormat::kTable) {
    return print_rows("", rows_of(*report), options);
  }
  return options.quiet ? static_cast<int>(kDone) : print_text(text_of(arguments, *report), options);
}

}  // namespace

Command add_backup(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<BackupArguments>();
  CLI::App* parser = add_command(
      root, options, "backup", "Copy a store, or what is new of it, while it is in use",
      "DEST is then a store of the last commit, with the ledger and the reports of your own. "
      "Where it was\na backup before, only new files are copied. Every copy is read again. "
      "Writers and readers go on;\nwhat is interrupted leaves the earlier backup as it was.",
      "  stave backup music.stave /backup/music.stave\n"
      "  stave backup music.stave /backup/music.stave --check-all\n"
      "  stave gc /backup/music.stave --keep 7\n");
  parser->add_option("STORE", arguments->store, "The store")->type_name("")->required();
  parser
      ->add_option("DEST", arguments->destination,
                   "The backup's folder: new, empty, or of an earlier backup")
      ->type_name("")
      ->required();
  parser->add_flag("--check-all", arguments->options.check_all,
                   "Read what earlier backups copied again too, and mend what is damaged there");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
