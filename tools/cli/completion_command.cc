// `stave completion`: scripts that teach a shell to complete command lines of `stave`, and the
// hidden option by which they ask what may come next. Another hidden one writes the manual pages,
// for the build.
#include <cstdio>
#include <string_view>

#include "tools/cli/argument_completion.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/man_page.h"
#include "tools/cli/program_run.h"

namespace stave {
extern const std::string_view bash_completion;
extern const std::string_view zsh_completion;
extern const std::string_view fish_completion;
}  // namespace stave

namespace stave::cli {
namespace {

struct CompletionArguments {
  bool words = false;
  std::string man_pages;  // a folder
  std::vector<std::string> arguments;
};

int run(const CompletionArguments& arguments, const CLI::App& root, const GlobalOptions& options) {
  if (arguments.words) {
    const ArgumentCompletion completion = complete_arguments(root, arguments.arguments);
    std::string text = completion.files ? ":files\n" : "";
    for (const std::string& word : completion.words) {
      text += word + "\n";
    }
    std::fputs(text.c_str(), stdout);
    return kDone;
  }
  if (!arguments.man_pages.empty()) {
    const auto written = write_man_pages(root, arguments.man_pages);
    return written ? static_cast<int>(kDone) : report_error(written.error(), options);
  }
  const std::string shell = arguments.arguments.empty() ? "" : arguments.arguments.front();
  if (shell == "bash") {
    return print_text(std::string(bash_completion), options);
  }
  if (shell == "zsh") {
    return print_text(std::string(zsh_completion), options);
  }
  if (shell == "fish") {
    return print_text(std::string(fish_completion), options);
  }
  return report_error(
      Error{ErrorCode::kInvalidArgument,
            (shell.empty() ? "Which shell?" : "There is no script for " + shell + ".") +
                std::string(" Name bash, zsh or fish.")},
      options);
}

}  // namespace

Command add_completion(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<CompletionArguments>();
  CLI::App* parser = add_command(
      root, options, "completion", "Print a script by which a shell completes stave's arguments",
      "Commands, options, tables, reports with their parameters, and inside quotes the words of a\n"
      "program: stages, functions, columns of the store, also behind a path.",
      "  source <(stave completion bash)        # in ~/.bashrc\n"
      "  source <(stave completion zsh)         # in ~/.zshrc, after compinit\n"
      "  stave completion fish | source         # in ~/.config/fish/config.fish\n");
  parser->add_option("SHELL", arguments->arguments, "bash, zsh or fish")->type_name("");
  parser->add_flag("--words", arguments->words)->group("");
  parser->add_option("--man-pages", arguments->man_pages)->group("");
  return {parser, [arguments, &root, &options] { return run(*arguments, root, options); }};
}

}  // namespace stave::cli
