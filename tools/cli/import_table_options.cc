// What the words of the command line mean for an import's table and values.
#include "tools/cli/import_table_options.h"

#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"

namespace stave::cli {

namespace {

Result<void> read_mark(const std::string& option, const std::string& text,
                       std::optional<char>& mark) {
  if (text.empty()) return {};
  const bool is_blank = text == "\xC2\xA0" || text == "\xE2\x80\xAF" || text == "\xE2\x80\x89";
  if (text == "space" || is_blank) {
    mark = ' ';
  } else if (text == "\xE2\x80\x99") {
    mark = '\'';
  } else if (text.size() == 1) {
    mark = text.front();
  } else {
    return fail(ErrorCode::kInvalidArgument, "A mark in numbers is one character: \"" + text +
                                                 "\". Write " + option + " ',' or " + option +
                                                 " space.");
  }
  return {};
}

}  // namespace

void add_value_options(CLI::App& parser, TableArguments& arguments, ImportOptions& import) {
  ValueFormat& values = import.values;
  parser.add_option("--map", import.map_path, "TOML that says which column each header stands for")
      ->type_name("FILE");
  parser
      .add_option("--date-format", values.date_format,
                  "How dates are written: mdy, dmy, ymd, or a pattern such as '%d %b %Y %H:%M' "
                  "(default: ISO 8601)")
      ->type_name("FORMAT");
  parser
      .add_option("--time-zone", values.time_zone,
                  "Of times that name no zone, as Europe/Berlin (default: the store's)")
      ->type_name("ZONE");
  parser
      .add_option("--null", values.null_spellings,
                  "Cells that are null where they stand unquoted; may be given several times")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  parser
      .add_option("--types", arguments.types,
                  "Of columns that the load makes: found in the values, or text, every cell as it "
                  "is written (default found)")
      ->type_name("HOW")
      ->check(one_of({"found", "text"}));
  parser.add_option("--thousands", arguments.thousands, "Between the thousands of numbers")
      ->type_name("CHAR");
  parser.add_option("--decimal-mark", arguments.decimal_mark, "Before decimals (default .)")
      ->type_name("CHAR");
}

void add_table_options(CLI::App& parser, TableArguments& arguments, ImportOptions& import) {
  CLI::Option* create =
      parser.add_flag("--create", arguments.create,
                      "Make the table where the store has none, its types found in the files");
  CLI::Option* key = parser
                         .add_option("--key", arguments.key,
                                     "The new table's key: columns, with commas between them")
                         ->delimiter(',')
                         ->type_name("COLUMNS")
                         ->needs(create);
  parser
      .add_option("--time", arguments.time_column, "The new table's time: rows are kept by its day")
      ->type_name("COLUMN")
      ->needs(create)
      ->excludes(key);
  add_value_options(parser, arguments, import);
}

Result<void> read_table_options(const TableArguments& arguments, ImportOptions& import) {
  if (arguments.create) import.create = NewTable{arguments.key, arguments.time_column};
  import.values.as_text = arguments.types == "text";
  Result<void> thousands =
      read_mark("--thousands", arguments.thousands, import.values.thousands_separator);
  if (!thousands) return thousands;
  return read_mark("--decimal-mark", arguments.decimal_mark, import.values.decimal_mark);
}

}  // namespace stave::cli
