// `stave inspect`: any file of a store, in the words of its format.
#include "storage/inspect.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"

namespace stave::cli {

Command add_inspect(CLI::App& root, GlobalOptions& options) {
  struct Arguments {
    std::string file;
    std::string as_of;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* parser =
      add_command(root, options, "inspect", "Print what a file of a store says",
                  "Header, blocks and checksums of any file in a store's folder, named as in "
                  "format-spec. Of a\n"
                  "store's folder itself, its last manifest, or that of --as-of.",
                  "  stave inspect music.stave/STAVE\n"
                  "  find music.stave -name '*duration_sec*' -exec stave inspect {} \\;\n");
  parser->add_option("FILE", arguments->file, "A file of a store, or a store")
      ->required()
      ->type_name("");
  add_as_of_option(*parser, arguments->as_of);
  return {parser, [arguments, &options] {
            const auto text = inspect_file(arguments->file, arguments->as_of);
            return text ? print_text(*text, options) : report_error(text.error(), options);
          }};
}

}  // namespace stave::cli
