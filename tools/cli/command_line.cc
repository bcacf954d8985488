// Parsing by CLI11; what it cannot read becomes one sentence and a hint, exit code 2.
#include "tools/cli/command_line.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <span>
#include <string_view>

#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/guide.h"

namespace stave::cli {
namespace {

using Arguments = std::span<char*>;

struct CommandEntry {
  std::string_view name;
  Command (*add)(CLI::App& root, GlobalOptions& options);
};

// As `stave --help` lists them.
constexpr std::array kCommands{
    CommandEntry{"init", add_init},
    CommandEntry{"import", add_import},
    CommandEntry{"query", add_query},
    CommandEntry{"check", add_check},
    CommandEntry{"fmt", add_fmt},
    CommandEntry{"shell", add_shell},
    CommandEntry{"sql", add_sql},
    CommandEntry{"report", add_report},
    CommandEntry{"refresh", add_refresh},
    CommandEntry{"dashboard", add_dashboard},
    CommandEntry{"describe", add_describe},
    CommandEntry{"gen", add_gen},
    CommandEntry{"verify", add_verify},
    CommandEntry{"inspect", add_inspect},
    CommandEntry{"snapshots", add_snapshots},
    CommandEntry{"imports", add_imports},
    CommandEntry{"gc", add_gc},
    CommandEntry{"compact", add_compact},
    CommandEntry{"repair", add_repair},
    CommandEntry{"backup", add_backup},
    CommandEntry{"upgrade", add_upgrade},
    CommandEntry{"watch", add_watch},
    CommandEntry{"royalty", add_royalty},
    CommandEntry{"export", add_export},
    CommandEntry{"completion", add_completion},
};

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  names.reserve(kCommands.size());
  for (const CommandEntry& command : kCommands) names.emplace_back(command.name);
  return names;
}

// The command that the first argument names, or all where it names none. Declaring the options of
// all takes longer than many a question.
std::vector<Command> add_commands(CLI::App& root, GlobalOptions& options, Arguments arguments) {
  const std::string_view first = arguments.empty() ? "" : arguments[0];
  const auto named = std::ranges::find(kCommands, first, &CommandEntry::name);
  if (named != kCommands.end() && named->add != add_completion) return {named->add(root, options)};
  std::vector<Command> commands;
  commands.reserve(kCommands.size());
  for (const CommandEntry& command : kCommands) commands.push_back(command.add(root, options));
  return commands;
}

std::vector<std::string> option_names(const CLI::App& parser) {
  std::vector<std::string> names;
  for (const CLI::Option* option : parser.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

// The first long option that the parser does not know; empty: none.
std::string unknown_option(Arguments arguments, const CLI::App& parser) {
  const auto known = option_names(parser);
  for (const std::string argument : arguments) {
    std::string name = argument.substr(0, argument.find('='));
    if (name == "--") {
      break;
    }
    if (name.rfind("--", 0) == 0 && std::find(known.begin(), known.end(), name) == known.end()) {
      return name;
    }
  }
  return "";
}

int wrong_use(const std::string& message, const GlobalOptions& options) {
  return report_error(Error{ErrorCode::kInvalidArgument, message}, options);
}

int report_parse_error(const CLI::ParseError& error, Arguments arguments, const CLI::App& root,
                       const GlobalOptions& options) {
  const auto chosen = root.get_subcommands();
  const CLI::App& parser = chosen.empty() ? root : *chosen.front();
  const std::string help =
      "See `" + std::string(chosen.empty() ? "stave" : "stave " + parser.get_name()) + " --help`.";
  if (const std::string name = unknown_option(arguments, parser); !name.empty()) {
    const std::string message =
        with_hint("There is no option " + name + " here.", name, option_names(parser));
    return wrong_use(message + " " + help, options);
  }
  std::string message = error.what();
  if (!message.empty() && message.back() != '.') {
    message += ".";
  }
  return wrong_use(message + " " + help, options);
}

// `--errors json` must hold for errors of parsing too, wherever it stands.
bool asks_for_json_errors(Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument = arguments[i];
    if (argument == "--errors=json" || (argument == "--errors" && i + 1 < arguments.size() &&
                                        std::string(arguments[i + 1]) == "json")) {
      return true;
    }
  }
  return false;
}

int run_chosen(const std::vector<Command>& commands, GlobalOptions& options) {
  for (const Command& command : commands) {
    if (command.parser->parsed()) {
      options.max_rows_given = command.parser->count("--max-rows") > 0;
      if (auto checked = check_global_options(options); !checked) {
        return report_error(checked.error(), options);
      }
      return command.run();
    }
  }
  std::fputs(short_guide().c_str(), stdout);
  return kDone;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  GlobalOptions options;
  CLI::App root("stave: a columnar store for music plays, with KPI and royalty reports", "stave");
  root.footer("stave COMMAND --help explains each with examples.");
  bool version = false;
  root.add_flag("--version", version, "Print version, store format, SIMD target and licence");
  const Arguments arguments(argv + 1, static_cast<std::size_t>(std::max(0, argc - 1)));
  const std::vector<Command> commands = add_commands(root, options, arguments);
  options.errors = asks_for_json_errors(arguments) ? "json" : "text";
  const auto names = command_names();
  if (!arguments.empty() && arguments[0][0] != '-' &&
      std::find(names.begin(), names.end(), arguments[0]) == names.end()) {
    const std::string message = "There is no command " + std::string(arguments[0]) + ".";
    return wrong_use(with_hint(message, arguments[0], names) + " `stave` alone shows how to begin.",
                     options);
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return root.exit(help);
  } catch (const CLI::ParseError& error) {
    return report_parse_error(error, arguments, root, options);
  }
  if (version) {
    std::fputs(version_text().c_str(), stdout);
    return kDone;
  }
  return run_chosen(commands, options);
}

}  // namespace stave::cli
