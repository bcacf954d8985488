// `stave verify`: tests every checksum of a store.
#include <cstdio>

#include "stave/store.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/output_target.h"
#include "tools/cli/quantity.h"
#include "tools/cli/rows.h"

namespace stave::cli {
namespace {

std::string report_text(const std::string& store, const VerifyReport& report, bool quiet) {
  std::string text;
  for (const std::string& damage : report.damages) {
    text += damage + "\n";
  }
  const std::string read = grouped(report.files) + " files, " + grouped(report.blocks) +
                           " blocks, " + bytes_text(report.bytes);
  if (!report.damages.empty()) {
    text += store + ": " + std::to_string(report.damages.size()) +
            (report.damages.size() == 1 ? " damage" : " damages") + " found in " + read + ".\n";
  } else if (!quiet) {
    text += store + ": " + read + ", every checksum is right.\n";
  }
  return text;
}

Rows report_rows(const VerifyReport& report) {
  Rows rows({{"files", kInt64Type},
             {"blocks", kInt64Type},
             {"bytes", kInt64Type},
             {"damage", kStringType}});
  const auto add = [&](const std::string& damage) {
    rows.add({number_cell(report.files), number_cell(report.blocks), number_cell(report.bytes),
              text_or_null(damage)});
  };
  for (const std::string& damage : report.damages) {
    add(damage);
  }
  if (report.damages.empty()) {
    add("");
  }
  return rows;
}

Result<void> print(const std::string& store, const VerifyReport& report,
                   const GlobalOptions& options) {
  OutputTarget target;
  if (auto opened = target.open(options.output_path); !opened) {
    return opened;
  }
  const auto written = options.format == OutputFormat::kTable
                           ? target.write(report_text(store, report, options.quiet))
                           : report_rows(report).print(target.sink(options));
  return written ? target.finish() : written;
}

int run(const std::string& store, const GlobalOptions& options) {
  const auto report = verify_store(store);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (!options.quiet) {
    std::vector<std::string> warnings;
    for (const std::string& stray : report->strays) {
      warnings.push_back("A file in the store belongs to no snapshot: " + stray +
                         ". `stave gc` deletes it where a writer left it.");
    }
    report_warnings(warnings, options);
  }
  if (auto printed = print(store, *report, options); !printed) {
    return report_error(printed.error(), options);
  }
  return report->damages.empty() ? kDone : kDamagedStore;
}

}  // namespace

Command add_verify(CLI::App& root, GlobalOptions& options) {
  auto store = std::make_shared<std::string>();
  CLI::App* parser = add_command(root, options, "verify", "Test every checksum of a store",
                                 "Reads every byte of all snapshots. Exit code 5 when something "
                                 "is damaged; each damaged file\n"
                                 "and block is named.",
                                 "  stave verify music.stave\n"
                                 "  stave verify music.stave --quiet && echo sound\n");
  parser->add_option("STORE", *store, "The store to read")->type_name("")->required();
  return {parser, [store, &options] { return run(*store, options); }};
}

}  // namespace stave::cli
