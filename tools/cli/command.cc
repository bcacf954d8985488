// What all commands' help has in common: summary, details, options, examples.
#include "tools/cli/command.h"

#include "tools/cli/cli11.h"

namespace stave::cli {

CLI::App* add_command(CLI::App& root, GlobalOptions& options, const std::string& name,
                      const std::string& summary, const std::string& details,
                      const std::string& examples) {
  CLI::App* command = root.add_subcommand(name, summary);
  command->get_formatter()->label("REQUIRED", "");
  command->get_formatter()->column_width(26);
  add_global_options(*command, options);
  command->footer(details + "\n\nExamples:\n" + examples);
  return command;
}

}  // namespace stave::cli
