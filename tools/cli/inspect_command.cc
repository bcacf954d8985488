// `stave inspect`: any file of a store, in the words of its format.
#include <CLI/CLI.hpp>

#include "storage/inspect.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"

namespace stave::cli {

Command add_inspect(CLI::App& root, GlobalOptions& options) {
  auto file = std::make_shared<std::string>();
  CLI::App* parser = add_command(
      root, options, "inspect", "Print what a file of a store says",
      "Header, blocks and checksums of any file in a store's folder, named as in format-spec.",
      "  stave inspect music.stave/STAVE\n"
      "  find music.stave -name '*duration_sec*' -exec stave inspect {} \\;\n");
  parser->add_option("FILE", *file, "A file of a store")->required()->type_name("");
  return {parser, [file, &options] {
            const auto text = inspect_file(*file);
            return text ? print_text(*text, options) : report_error(text.error(), options);
          }};
}

}  // namespace stave::cli
