// Macros: man(7). Whatever a text holds, no line of it is taken for a macro.
#include "tools/cli/man_page.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "stave/version.h"
#include "tools/cli/cli11.h"

namespace stave::cli {
namespace {

constexpr std::string_view kExamples = "\n\nExamples:\n";

// A hyphen is a minus, since options are typed.
std::string escaped(std::string_view text) {
  std::string page;
  for (const char c : text) {
    const bool begins_line = page.empty() || page.back() == '\n';
    if (begins_line && (c == '.' || c == '\'')) page += "\\&";
    if (c == '\\') {
      page += "\\e";
    } else if (c == '-') {
      page += "\\-";
    } else {
      page += c;
    }
  }
  return page;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}
std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string head(const std::string& name, const std::string& summary) {
  std::string page = ".TH " + upper(escaped(name)) + " 1 \"\" \"stave " + version() +
                     "\" \"Stave\"\n.SH NAME\n" + escaped(name) + " \\- ";
  std::string lower = escaped(summary);
  if (lower.size() > 1 && std::islower(static_cast<unsigned char>(lower[1])) != 0) {
    lower[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[0])));
  }
  return page + lower + "\n";
}

// "[NAME...]"
std::string argument(const CLI::Option& option) {
  const std::string name =
      italic(option.get_name(true)) + (option.get_items_expected_max() > 1 ? " .\\|.\\|." : "");
  return option.get_required() ? name : "[" + name + "]";
}

std::string names(const CLI::Option& option) {
  std::string text;
  for (const std::string& name : option.get_snames()) text += bold("-" + name) + ", ";
  for (const std::string& name : option.get_lnames()) text += bold("--" + name) + ", ";
  text.erase(text.size() - 2);
  const std::string type = option.get_expected_max() == 0 ? "" : option.get_type_name();
  return type.empty() ? text : text + " " + italic(type);
}

bool is_shown(const CLI::Option& option) {
  return !option.get_group().empty();
}

std::string entry(const std::string& what, const std::string& description) {
  return ".TP\n" + what + "\n" + escaped(description) + "\n";
}

// Those of a group, or those of no group of their own.
std::string options_of(const CLI::App& app, const std::string& group) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (is_shown(*option) && !option->get_positional() && option->get_group() == group) {
      text += entry(names(*option), option->get_description());
    }
  }
  return text;
}

Result<void> write_page(const std::filesystem::path& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  file << page;
  file.close();
  if (file) return {};
  return fail(ErrorCode::kIo, "Cannot write the manual page " + path.string() + ".");
}

}  // namespace

std::string man_page(const CLI::App& command) {
  const std::string name = "stave-" + command.get_name();
  std::string page = head(name, command.get_description());
  page += ".SH SYNOPSIS\n" + bold("stave " + command.get_name()) + " [" + italic("OPTION") +
          " .\\|.\\|.]";
  std::string arguments;
  for (const CLI::Option* option : command.get_options()) {
    if (!is_shown(*option) || !option->get_positional()) continue;
    page += " " + argument(*option);
    arguments += entry(italic(option->get_name(true)), option->get_description());
  }
  const std::string footer = command.get_footer();
  const std::size_t examples = footer.find(kExamples);
  page += "\n.SH DESCRIPTION\n" + escaped(footer.substr(0, examples)) + "\n" + arguments;
  page += ".SH OPTIONS\n" + options_of(command, "Options");
  page += ".SS Everywhere\n" + options_of(command, "Everywhere");
  if (examples != std::string::npos) {
    page += ".SH EXAMPLES\n.nf\n" + escaped(footer.substr(examples + kExamples.size())) + ".fi\n";
  }
  return page + ".SH SEE ALSO\n.BR stave (1)\n";
}

std::string man_page_of_all(const CLI::App& root) {
  std::string page = head("stave", root.get_description().substr(std::string("stave: ").size()));
  page += ".SH SYNOPSIS\n" + bold("stave") + " " + italic("COMMAND") + " [" + italic("OPTION") +
          " .\\|.\\|.] [" + italic("ARGUMENT") + " .\\|.\\|.]\n.br\n" + bold("stave --version") +
          "\n";
  page +=
      ".SH DESCRIPTION\nKeeps music plays and catalogue in a folder, the store, and answers "
      "questions about them.\n" +
      bold("stave") +
      " alone shows how to begin. Each command has a page of its own, such as\n"
      ".BR stave-import (1).\n.SH COMMANDS\n";
  std::string pages;
  for (const CLI::App* command : root.get_subcommands({})) {
    page += entry(bold(command->get_name()), command->get_description());
    pages += ".BR " + escaped("stave-" + command->get_name()) + " (1),\n";
  }
  page += ".SH OPTIONS\n" + options_of(root, "Options");
  page += ".SH EXIT STATUS\n";
  const std::vector<std::pair<std::string, std::string>> codes{
      {"0", "Done."},
      {"1", "Failed: a missing file, a full disk, a query that could not be computed."},
      {"2", "Wrong usage, or a program with a fault. Nothing was read."},
      {"3", "Imported, and some rows were rejected within the tolerance."},
      {"4", "More rows rejected than tolerated: nothing was imported."},
      {"5", "The store is damaged."},
      {"6", "Another process is writing to the store."}};
  for (const auto& [code, meaning] : codes) page += entry(bold(code), meaning);
  return page + ".SH SEE ALSO\n" + pages + ".BR stave (3)\n";
}

Result<void> write_man_pages(const CLI::App& root, const std::string& folder) {
  std::error_code ignored;  // what cannot be made shows when it is written to
  std::filesystem::create_directories(folder, ignored);
  const std::filesystem::path pages = folder;
  if (auto written = write_page(pages / "stave.1", man_page_of_all(root)); !written) return written;
  for (const CLI::App* command : root.get_subcommands({})) {
    const std::string name = "stave-" + command->get_name() + ".1";
    if (auto written = write_page(pages / name, man_page(*command)); !written) return written;
  }
  return {};
}

}  // namespace stave::cli
