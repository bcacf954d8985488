// The beginning of a dump: finds out how the file is written, passes over what stands before its
// table, and maps its header to the columns of the load.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/import/dialect_guess.h"
#include "tools/import/header_guess.h"
#include "tools/import/json/json_cutter.h"
#include "tools/import/load_table.h"
#include "tools/import/other_header.h"
#include "tools/import/text_source.h"

namespace stave::loading {

// A file ready to be cut into chunks.
struct OpenedDump {
  std::unique_ptr<TextSource> source;
  bool at_end = false;       // of the source
  std::vector<char> rest;    // what was read of it from the first row on
  std::uint64_t offset = 0;  // of the first row in the decompressed file
  std::uint64_t lines = 0;   // before the first row
  std::shared_ptr<const FilePlan> plan;
  DumpFormat format;                 // everything set
  std::unique_ptr<JsonCutter> json;  // null: the dump is no JSON
};

class DumpOpener {
 public:
  DumpOpener(DumpFormat format, ExtraColumns extra, LoadTable& table)
      : given_(std::move(format)), extra_(extra), table_(table) {
    // Who writes letters behind backslashes needs no quotes.
    if (given_.escape == QuoteEscape::kLetters && !given_.quote) given_.quote = '\0';
  }

  void read_with(SourceOptions options) { source_options_ = options; }

  // `file`: its index in the load. Not thread-safe, since the table gets the file's new columns.
  Result<OpenedDump> open(std::uint32_t file, const std::string& path);
  // After new keys came up in a JSON dump.
  Result<void> plan_again(OpenedDump& dump) const;

 private:
  struct Beginning;
  Result<OpenedDump> open_from(std::uint32_t file, std::unique_ptr<TextSource> source);
  Result<void> read_more(Beginning& beginning, std::size_t wanted) const;
  Result<void> skip_lines(Beginning& beginning) const;
  Result<bool> find_json(Beginning& beginning) const;
  Result<bool> find_table(Beginning& beginning) const;
  std::optional<OtherHeader> find_other_header(std::string_view text, const DialectGuess& guessed,
                                               const HeaderGuess& header) const;
  Result<void> guess(Beginning& beginning) const;
  static void widen_by_spare_separators(Beginning& beginning);
  static void pass_underline(Beginning& beginning, const std::vector<std::string>& names);
  void name_columns(Beginning& beginning, std::string_view before) const;
  Result<bool> find_first_row(Beginning& beginning) const;
  Result<void> plan(std::uint32_t file, Beginning& beginning) const;

  DumpFormat given_;
  ExtraColumns extra_;
  LoadTable& table_;
  SourceOptions source_options_;
};

}  // namespace stave::loading
