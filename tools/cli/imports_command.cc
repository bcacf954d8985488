// `stave imports`: the ledger of loads, and taking one back.
#include "stave/upkeep.h"
#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

struct ImportsArguments {
  std::string store;
  std::uint64_t undo = 0;
};

std::string names_of(const LoadDescription& load) {
  std::string names;
  for (const LoadedFileDescription& file : load.files) {
    names += (names.empty() ? "" : ", ") + file.name;
  }
  return names;
}

int list(const ImportsArguments& arguments, const GlobalOptions& options) {
  const auto loads = describe_loads(arguments.store);
  if (!loads) {
    return report_error(loads.error(), options);
  }
  Rows rows({{"load", kInt64Type},
             {"table", kStringType},
             {"at", kStringType},
             {"snapshot", kInt64Type},
             {"rows", kInt64Type},
             {"rejected", kInt64Type},
             {"duplicates", kInt64Type},
             {"files", kStringType}});
  for (const LoadDescription& load : *loads) {
    rows.add({number_cell(load.id), load.table, load.at, number_cell(load.snapshot),
              number_cell(load.rows), number_cell(load.rejected), number_cell(load.duplicates),
              text_or_null(names_of(load))});
  }
  return print_rows("", rows, options);
}

std::string summary(const UndoReport& report) {
  std::string text = "Undid load " + std::to_string(report.load) + " into " + report.table + ": " +
                     grouped(report.rows) + " rows gone";
  for (std::size_t i = 0; i < report.restored.size(); ++i) {
    text += (i == 0 ? ", " : " and ") + report.restored[i];
  }
  text += report.restored.empty() ? "" : " as before it";
  return text + "; snapshot " + std::to_string(report.snapshot) +
         ". Its files can be imported again.\n";
}

int undo(const ImportsArguments& arguments, const GlobalOptions& options) {
  const auto report = undo_load(arguments.store, arguments.undo);
  if (!report) {
    return report_error(report.error(), options);
  }
  if (options.format != OutputFormat::kTable) {
    Rows rows({{"load", kInt64Type},
               {"table", kStringType},
               {"rows", kInt64Type},
               {"snapshot", kInt64Type}});
    rows.add({number_cell(report->load), report->table, number_cell(report->rows),
              number_cell(report->snapshot)});
    return print_rows("", rows, options);
  }
  return options.quiet ? static_cast<int>(kDone) : print_text(summary(*report), options);
}

}  // namespace

Command add_imports(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<ImportsArguments>();
  CLI::App* parser = add_command(
      root, options, "imports", "List the loads of a store, or undo one",
      "Undoing a load of facts takes out exactly its rows. Undoing a load of a dimension puts the\n"
      "table back as it was, which works while nothing came after and the snapshot before is "
      "there.",
      "  stave imports music.stave\n"
      "  stave imports music.stave --undo 7\n");
  parser->add_option("STORE", arguments->store, "The store")->type_name("")->required();
  CLI::Option* undo_option =
      parser->add_option("--undo", arguments->undo, "Take the load with this number back")
          ->type_name("ID")
          ->check(whole_number(0, UINT64_MAX));
  return {parser, [arguments, undo_option, &options] {
            return undo_option->count() > 0 ? undo(*arguments, options) : list(*arguments, options);
          }};
}

}  // namespace stave::cli
