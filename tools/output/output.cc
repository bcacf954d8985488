// The formats by name: one row each.
#include "stave/output.h"

#include <array>
#include <string>
#include <utility>

#include "tools/output/column_file_output.h"
#include "tools/output/delimited_output.h"
#include "tools/output/html_output.h"
#include "tools/output/json_output.h"
#include "tools/output/sheet_output.h"
#include "tools/output/table_output.h"

namespace stave {
namespace {

struct NamedFormat {
  std::string_view name;
  OutputFormat format;
};

constexpr std::array<NamedFormat, 10> kFormats{{{"table", OutputFormat::kTable},
                                                {"csv", OutputFormat::kCsv},
                                                {"tsv", OutputFormat::kTsv},
                                                {"json", OutputFormat::kJson},
                                                {"jsonl", OutputFormat::kJsonLines},
                                                {"md", OutputFormat::kMarkdown},
                                                {"html", OutputFormat::kHtml},
                                                {"xlsx", OutputFormat::kSheet},
                                                {"parquet", OutputFormat::kParquet},
                                                {"arrow", OutputFormat::kArrow}}};

}  // namespace

Result<OutputFormat> output_format(std::string_view name) {
  std::string known;
  for (const NamedFormat& row : kFormats) {
    if (row.name == name) return row.format;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return fail(ErrorCode::kInvalidArgument,
              "No such output format: " + std::string(name) + ". Use one of " + known + ".");
}

const std::vector<std::string>& output_format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(kFormats.size());
    for (const NamedFormat& row : kFormats) all.emplace_back(row.name);
    return all;
  }();
  return names;
}

std::string_view format_of_file(std::string_view file_name) {
  const std::string_view extension = file_name.substr(file_name.rfind('.') + 1);
  for (const NamedFormat& row : kFormats) {
    if (row.name == extension && extension.size() < file_name.size()) return row.name;
  }
  return kFormats.front().name;
}

bool is_binary(OutputFormat format) {
  return format == OutputFormat::kSheet || format == OutputFormat::kParquet ||
         format == OutputFormat::kArrow;
}

std::unique_ptr<Output> make_output(const OutputOptions& options, TextSink write) {
  switch (options.format) {
    case OutputFormat::kCsv:
      return make_delimited_output(options, ',', std::move(write));
    case OutputFormat::kTsv:
      return make_delimited_output(options, '\t', std::move(write));
    case OutputFormat::kJson:
      return make_json_output(false, std::move(write));
    case OutputFormat::kJsonLines:
      return make_json_output(true, std::move(write));
    case OutputFormat::kMarkdown:
      return make_table_output(true, options.max_rows, std::move(write));
    case OutputFormat::kParquet:
      return make_parquet_output(std::move(write));
    case OutputFormat::kArrow:
      return make_arrow_output(std::move(write));
    case OutputFormat::kHtml:
      return make_html_output(options, std::move(write));
    case OutputFormat::kSheet:
      return make_sheet_output(std::move(write));
    case OutputFormat::kTable:
      break;
  }
  return make_table_output(false, options.max_rows, std::move(write));
}

}  // namespace stave
