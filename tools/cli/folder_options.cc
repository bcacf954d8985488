// The options are parsed by what parses those of `stave import`, so that words and faults are the
// same.
#include "tools/cli/folder_options.h"

#include "stave/watch.h"
#include "tools/cli/cli11.h"
#include "tools/cli/dump_format_options.h"
#include "tools/cli/import_table_options.h"

namespace stave::cli {
namespace {

Result<void> parse(const FolderOptions& folder, LoadArguments load, ImportOptions& import) {
  CLI::App parser;
  parser.set_help_flag("");
  TableArguments values;
  DumpFormatArguments format;
  add_load_options(parser, load);
  add_value_options(parser, values, import);
  add_deduplication_options(parser, import.deduplication);
  add_dump_format_options(parser, format, import.format);
  try {
    parser.parse(folder.options, false);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalidArgument, error.what());
  }
  for (const auto& read : {read_load_options(load, import), read_table_options(values, import),
                           read_dump_format(format, import.format)}) {
    if (!read) {
      return read;
    }
  }
  return {};
}

}  // namespace

Result<std::map<std::string, ImportOptions>> read_folder_options(const std::string& path,
                                                                 const LoadArguments& load,
                                                                 const ImportOptions& import) {
  std::map<std::string, ImportOptions> options;
  if (path.empty()) {
    return options;
  }
  const auto folders = stave::read_folder_options(path);
  if (!folders) {
    return pass(folders);
  }
  for (const FolderOptions& folder : *folders) {
    ImportOptions& own = options.emplace(folder.folder, import).first->second;
    if (const auto parsed = parse(folder, load, own); !parsed) {
      return fail(parsed.error().code, "The options of a folder cannot be read: " + folder.folder +
                                           " (" + folder.place + "). " + parsed.error().message);
    }
  }
  return options;
}

}  // namespace stave::cli
