// Declares the shared options once, so that every command's help shows the same words.
#include "tools/cli/global_options.h"

#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

#include "tools/cli/argument_checks.h"
#include "tools/cli/cli11.h"

namespace stave::cli {
namespace {

struct Unit {
  std::string_view name;  // lower case
  std::uint64_t bytes;
};

constexpr std::array<Unit, 14> kUnits{{{"", 1},
                                       {"b", 1},
                                       {"k", 1ULL << 10},
                                       {"kib", 1ULL << 10},
                                       {"m", 1ULL << 20},
                                       {"mib", 1ULL << 20},
                                       {"g", 1ULL << 30},
                                       {"gib", 1ULL << 30},
                                       {"t", 1ULL << 40},
                                       {"tib", 1ULL << 40},
                                       {"kb", 1'000},
                                       {"mb", 1'000'000},
                                       {"gb", 1'000'000'000},
                                       {"tb", 1'000'000'000'000}}};

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& options) {
  const std::string group = "Everywhere";
  app.add_option(
         "--format", options.format_name,
         "How results are printed: table, csv, tsv, json, jsonl, md, html, xlsx, parquet or "
         "arrow (default: as the name of the output file ends, else table)")
      ->type_name("FORMAT")
      ->group(group);
  app.add_option("-o,--output", options.output_path,
                 "Write the result to FILE, which appears only when it is whole")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--max-rows", options.max_rows,
                 "Print at most N rows of a table and count the rest; 0 is all (default 60 on a "
                 "terminal, else all)")
      ->type_name("N")
      ->check(whole_number(0, UINT64_MAX))
      ->group(group);
  app.add_flag("--no-header", options.no_header,
               "CSV and TSV without the line that names the columns")
      ->group(group);
  app.add_option("--threads", options.threads, "Use N threads (default: all the machine has)")
      ->type_name("N")
      ->check(whole_number(1, 1024))
      ->group(group);
  app.add_option("--memory-limit", options.memory_limit_text,
                 "Memory to work in, such as 512MiB or 2GiB")
      ->type_name("SIZE")
      ->group(group);
  app.add_flag("--quiet", options.quiet, "No progress, no summary: results and errors only")
      ->group(group);
  app.add_option("--errors", options.errors, "How errors are printed: text or json")
      ->type_name("FORM")
      ->check(one_of({"text", "json"}))
      ->group(group);
}

Result<std::uint64_t> size_from_text(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  std::string unit(parsed.ptr, end);
  for (char& c : unit) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  unit.erase(0, unit.find_first_not_of(' '));
  for (const Unit& known : kUnits) {
    const double bytes = number * static_cast<double>(known.bytes);
    if (parsed.ec == std::errc{} && unit == known.name && bytes >= 1 && bytes < 0x1p62) {
      return static_cast<std::uint64_t>(bytes);
    }
  }
  return fail(ErrorCode::kInvalidArgument,
              "This is not a size: \"" + text + "\". Write a number and KiB, MiB or GiB: 512MiB.");
}

Result<void> check_global_options(GlobalOptions& options) {
  if (options.format_name.empty()) {
    options.format_name = format_of_file(options.output_path);
  }
  const auto format = output_format(options.format_name);
  if (!format) {
    return pass(format);
  }
  options.format = *format;
  const bool has_names = *format == OutputFormat::kCsv || *format == OutputFormat::kTsv;
  if (options.no_header && !has_names) {
    return fail(ErrorCode::kInvalidArgument, "--no-header is for csv and tsv, and the format is " +
                                                 options.format_name + ". Add --format csv.");
  }
  if (!options.memory_limit_text.empty()) {
    const auto limit = size_from_text(options.memory_limit_text);
    if (!limit) {
      return pass(limit);
    }
    options.memory_limit = *limit;
  }
  return {};
}

}  // namespace stave::cli
