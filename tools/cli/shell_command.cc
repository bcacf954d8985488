// `stave shell`: reads lines, finds where programs end, and hands them to the session.
#include <unistd.h>

#include <clocale>
#include <cstdlib>

#include "stave/program.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/line_reader.h"
#include "tools/cli/program_completion.h"
#include "tools/cli/program_run.h"
#include "tools/cli/query_interrupt.h"
#include "tools/cli/shell_session.h"

namespace stave::cli {
namespace {

struct ShellArguments {
  std::string store;
  std::string as_of;
  std::string metrics;  // a file
};

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// Behind a `;` a program is whole, unless all so far are declarations.
bool is_whole(const std::string& text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string::npos || text[last] != ';') {
    return false;
  }
  std::vector<Diagnostic> faults;
  if (format_program(text, "shell", &faults) || faults.empty()) {
    return true;
  }
  // A pipeline that is missing is missed where the text ends.
  return format_program(text + " from x", "shell").has_value() == false;
}

std::string history_file() {
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : std::string(home) + "/.stave_history";
}

Completion complete_line(const StoreDescription& store, const std::string& earlier,
                         const std::string& line) {
  if (!earlier.empty() || !line.starts_with("\\")) {
    return complete_program(store, earlier + line);
  }
  const std::size_t blank = line.find(' ');
  Completion completion;
  std::vector<std::string> words = ShellSession::commands();
  completion.begun = blank == std::string::npos ? line : line.substr(blank + 1);
  if (line.starts_with("\\d ")) {
    words.clear();
    for (const TableDescription& table : store.tables) {
      words.push_back(table.name);
    }
  } else if (line.starts_with("\\format ")) {
    words = output_format_names();
  } else if (blank != std::string::npos) {
    return complete_program(store, completion.begun);
  }
  for (const std::string& word : words) {
    if (word.starts_with(completion.begun)) {
      completion.words.push_back(word);
    }
  }
  return completion;
}

void read_all(LineReader& lines, ShellSession& session, std::string& text) {
  std::string line;
  for (;;) {
    const LineEnd end = lines.read(text.empty() ? "stave> " : "   ..> ", line);
    if (end == LineEnd::kInterrupted) {
      text.clear();
      continue;
    }
    if (end == LineEnd::kInputEnded) {
      break;
    }
    if (is_blank(text) && line.starts_with("\\")) {
      if (!session.command(line)) {
        return;
      }
      continue;
    }
    text += line + "\n";
    if (is_blank(text)) {
      text.clear();
    } else if (is_blank(line) || is_whole(text)) {
      session.program(text);
      text.clear();
    }
  }
  if (!is_blank(text)) {
    session.program(text);
  }
}

int run(const ShellArguments& arguments, const GlobalOptions& options) {
  const auto store = Store::open(arguments.store, arguments.as_of);
  const auto description = store ? describe(*store) : Result<StoreDescription>(pass(store));
  if (!description) {
    return report_error(description.error(), options);
  }
  const bool has_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  QueryOptions metrics;
  if (auto read = read_metrics(arguments.metrics, metrics); !read) {
    return report_error(read.error(), options);
  }
  ShellSession session(arguments.store, arguments.as_of, options, metrics, has_terminal);
  std::string text;
  if (!has_terminal) {
    // Ctrl-C and the end of a script's time are for the whole script.
    read_all(*plain_lines(), session, text);
    session.close_output();
    return session.exit_code();
  }
  std::setlocale(LC_CTYPE, "");
  catch_interrupts();
  if (!options.quiet) {
    std::fputs("End a program with ; or an empty line. \\? lists commands, \\q ends.\n", stdout);
  }
  const auto lines = terminal_lines(
      [&](const std::string& line) { return complete_line(*description, text, line); },
      history_file());
  read_all(*lines, session, text);
  session.close_output();
  return kDone;
}

}  // namespace

Command add_shell(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<ShellArguments>();
  CLI::App* parser = add_command(
      root, options, "shell", "Ask line by line, with completion and a memory",
      "A program ends with ; behind its pipeline, or with an empty line. The tabulator completes\n"
      "tables, columns, functions and stages. \\? lists the commands, such as \\d and \\format.",
      "  stave shell music.stave\n"
      "  echo 'from streams | summarize plays = count();' | stave shell music.stave --format "
      "csv\n");
  parser->add_option("STORE", arguments->store, "The store to ask")->type_name("")->required();
  add_as_of_option(*parser, arguments->as_of);
  add_metrics_option(*parser, arguments->metrics);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
