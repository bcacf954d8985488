// See load_options.h.
#include "tools/cli/load_options.h"

#include <map>

#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"

namespace stave::cli {
namespace {

const std::map<std::string, ExtraColumns> kExtraColumns{
    {"keep", ExtraColumns::kKeep}, {"drop", ExtraColumns::kDrop}, {"error", ExtraColumns::kFail}};
const std::map<std::string, OnDuplicate> kOnDuplicate{
    {"first", OnDuplicate::kFirst}, {"last", OnDuplicate::kLast}, {"error", OnDuplicate::kFail}};

// "5" rows, or "0.1%" of them.
Result<void> read_max_rejects(const std::string& text, ImportOptions& import) {
  if (text.empty()) {
    return {};
  }
  import.max_rejects_percent.reset();
  const bool share = text.back() == '%';
  const std::string number = share ? text.substr(0, text.size() - 1) : text;
  double percent = 0;
  if (share && CLI::detail::lexical_cast(number, percent) && percent >= 0 && percent <= 100) {
    import.max_rejects_percent = percent;
    return {};
  }
  const bool digits =
      !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  if (!share && digits && CLI::detail::lexical_cast(number, import.max_rejects)) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument, "This is not a number of rows or a share of them: \"" +
                                               text +
                                               "\". Write --max-rejects 10 or --max-rejects 0.1%.");
}

}  // namespace

void add_load_options(CLI::App& parser, LoadArguments& arguments) {
  parser
      .add_option("--max-rejects", arguments.max_rejects,
                  "Tolerate N bad rows, or P% of all; over it nothing is imported (default 0)")
      ->type_name("N|P%");
  parser
      .add_option("--extra", arguments.extra,
                  "Columns that the schema lacks: keep, drop or error (default keep)")
      ->type_name("HOW")
      ->check(one_of({"keep", "drop", "error"}));
  parser
      .add_option("--on-duplicate", arguments.on_duplicate,
                  "A key repeated within a file: first, last or error (default first)")
      ->type_name("WHICH")
      ->check(one_of({"first", "last", "error"}));
}

void add_deduplication_options(CLI::App& parser, Deduplication& wanted) {
  CLI::Option* key = parser
                         .add_option("--dedup-key", wanted.key,
                                     "Leave facts out that have the same in these columns as one "
                                     "before: columns with commas between them")
                         ->delimiter(',')
                         ->type_name("COLUMNS");
  parser
      .add_flag("--dedup-rows", wanted.whole_row,
                "Leave facts out that are the same as one before in all columns")
      ->excludes(key);
}

Result<void> read_load_options(const LoadArguments& arguments, ImportOptions& import) {
  import.extra_columns = kExtraColumns.at(arguments.extra);
  import.on_duplicate = kOnDuplicate.at(arguments.on_duplicate);
  return read_max_rejects(arguments.max_rejects, import);
}

}  // namespace stave::cli
