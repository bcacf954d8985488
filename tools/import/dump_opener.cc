// See dump_opener.h. Where a header is longer than what was read, more is read and all begins anew.
#include "tools/import/dump_opener.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tools/import/blanks.h"
#include "tools/import/dump_beginning.h"
#include "tools/import/json/json_library.h"
#include "tools/import/parquet/parquet_text.h"
#include "tools/import/text_lines.h"

namespace stave::loading {

namespace {

constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr std::size_t kMostHeaderBytes = std::size_t{16} << 20;

}  // namespace

Result<void> DumpOpener::read_more(Beginning& beginning, std::size_t wanted) const {
  OpenedDump& dump = beginning.dump;
  dump.rest.resize(wanted + kTextPadding);
  if (dump.at_end) return {};
  const std::size_t asked = wanted - beginning.size;
  Result<std::size_t> got = dump.source->read(dump.rest.data() + beginning.size, asked);
  if (!got) return pass(got);
  dump.at_end = *got < asked;
  beginning.size += *got;
  return {};
}

Result<void> DumpOpener::skip_lines(Beginning& beginning) const {
  const std::string_view text = beginning.text();
  Dialect lines;
  lines.quote = '\0';
  lines.line_end = given_.line_end.value_or(lines.line_end);
  const RowScanner scanner(text.data(), text.size(), lines);
  std::vector<std::uint32_t> separators;
  std::size_t at = 0;
  for (std::uint64_t skipped = 0; skipped < given_.skip_lines; ++skipped) {
    const ScannedRow line = scanner.scan(at, beginning.dump.at_end, separators);
    if (!line.complete || at >= text.size()) {
      return fail(
          ErrorCode::kInvalidData,
          fmt::format("The input has fewer lines at its beginning than `--skip-lines` says: "
                      "{} ({} < {}).",
                      beginning.path(), skipped, given_.skip_lines));
    }
    at = line.next;
  }
  beginning.table = at;
  return {};
}

// True where the dump is JSON; its keys so far become the columns.
Result<bool> DumpOpener::find_json(Beginning& beginning) const {
  if (given_.format == InputFormat::kCsv) return false;
  const bool demanded = given_.format.has_value();
  beginning.is_cut_off = false;
  OpenedDump& dump = beginning.dump;
  const std::string_view text = beginning.text().substr(beginning.table);
  if (!demanded && !may_be_json(text)) return false;
  if (const auto library = json_library(); !library) return pass(library);
  JsonLayout layout = guess_json_layout(text, dump.at_end, demanded);
  // An object without end in so much text is rather a line that was cut off.
  if (layout == JsonLayout::kObjects && beginning.size >= kMostHeaderBytes &&
      guess_json_layout(text, true, demanded) == JsonLayout::kLines) {
    layout = JsonLayout::kLines;
  }
  if (layout == JsonLayout::kNone && demanded && dump.at_end) layout = JsonLayout::kLines;
  if (layout == JsonLayout::kNone) return false;
  dump.json = std::make_unique<JsonCutter>(
      layout, [this](const std::string& name) { return table_.knows(name); });
  beginning.first_row = beginning.table + JsonCutter::begin_of(text, layout);
  std::vector<std::uint32_t> ends;
  const std::string_view objects = beginning.text().substr(beginning.first_row);
  const std::size_t border = dump.json->find_border(objects, ends);
  dump.json->gather_keys(dump.at_end ? objects : objects.substr(0, border), ends);
  beginning.names = dump.json->keys();
  // A table without rows, as a header alone is; which columns it would have had nobody knows.
  if (dump.at_end && !table_.is_made() && is_empty_array(text)) {
    beginning.names = table_.required_names();
  } else if (beginning.names.empty() && !dump.at_end && beginning.size < kMostHeaderBytes) {
    beginning.is_cut_off = true;
    return false;
  } else if (beginning.names.empty()) {
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("The input has no JSON object with a value: {}. Each line must be an "
                    "object, or all of it an array of objects.{}",
                    beginning.path(), demanded ? "" : " If it is CSV, say `--input-format csv`."));
  }
  dump.format = given_;
  dump.format.format = InputFormat::kJsonLines;
  return true;
}

// False: more text is needed.
Result<bool> DumpOpener::find_table(Beginning& beginning) const {
  if (Result<void> skipped = skip_lines(beginning); !skipped) return pass(skipped);
  Result<bool> json = find_json(beginning);
  if (!json || *json) return json;
  if (given_.format == InputFormat::kJsonLines || beginning.is_cut_off) return false;
  if (Result<void> guessed = guess(beginning); !guessed) return pass(guessed);
  return find_first_row(beginning);
}

Result<void> DumpOpener::plan_again(OpenedDump& dump) const {
  Result<FilePlan> planned =
      table_.plan_file(dump.plan->file, dump.plan->name, dump.json->keys(), extra_);
  if (!planned) return pass(planned);
  planned->json = dump.json->layout();
  planned->json_keys = dump.json->keys();
  dump.plan = std::make_shared<const FilePlan>(std::move(*planned));
  return {};
}

Result<void> DumpOpener::plan(std::uint32_t file, Beginning& beginning) const {
  OpenedDump& dump = beginning.dump;
  // Lines that end with a separator: what has neither name nor cells at the end is no column.
  std::uint32_t spare = 0;
  while (dump.json == nullptr &&
         beginning.names.size() > std::max<std::size_t>(beginning.filled, 1) &&
         without_blanks(beginning.names.back()).empty()) {
    beginning.names.pop_back();
    ++spare;
  }
  Result<FilePlan> planned = table_.plan_file(file, beginning.path(), beginning.names, extra_);
  if (!planned) return pass(planned);
  planned->dialect = beginning.dialect;
  planned->ragged = dump.format.ragged.value_or(RaggedRows::kReject);
  planned->stray_quotes = dump.format.stray_quotes.value_or(StrayQuotes::kReject);
  planned->spare_fields = spare;
  planned->header_line = beginning.header_line;
  planned->declared = dump.source->input().column_types();
  if (dump.json != nullptr) {
    planned->json = dump.json->layout();
    planned->json_keys = dump.json->keys();
  }
  dump.plan = std::make_shared<const FilePlan>(std::move(*planned));
  dump.format.column_names = beginning.names;
  return {};
}

Result<OpenedDump> DumpOpener::open(std::uint32_t file, const std::string& path) {
  Result<std::unique_ptr<TextSource>> source =
      TextSource::open(path, given_.encoding, source_options_, given_.format == InputFormat::kCsv);
  if (!source) return pass(source);
  if ((*source)->input().compression() == Compression::kParquet) {
    DumpOpener as_written(parquet_text_format(), extra_, table_);
    Result<OpenedDump> opened = as_written.open_from(file, std::move(*source));
    if (opened) opened->format.format = InputFormat::kParquet;
    return opened;
  }
  if (given_.format == InputFormat::kParquet) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The input is no Parquet file: {} (it does not begin with PAR1). Leave "
                            "`--input-format` out to have its format found out.",
                            path));
  }
  return open_from(file, std::move(*source));
}

Result<OpenedDump> DumpOpener::open_from(std::uint32_t file, std::unique_ptr<TextSource> source) {
  Beginning beginning;
  OpenedDump& dump = beginning.dump;
  dump.source = std::move(source);
  for (std::size_t wanted = kSampleBytes;; wanted *= 4) {
    if (Result<void> read = read_more(beginning, wanted); !read) return pass(read);
    Result<bool> found = find_table(beginning);
    if (!found) return pass(found);
    if (*found) break;
    if (wanted >= kMostHeaderBytes) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("The header has no end: {} ({} bytes read). Is it CSV?",
                              beginning.path(), beginning.size));
    }
  }
  if (Result<void> planned = plan(file, beginning); !planned) return pass(planned);
  dump.lines = count_line_ends(beginning.text().substr(0, beginning.first_row));
  dump.format.encoding = dump.source->encoding();
  dump.offset =
      dump.source->mark_size() +
      encoded_size(beginning.text().substr(0, beginning.first_row), dump.source->encoding());
  dump.rest.resize(beginning.size);
  dump.rest.erase(dump.rest.begin(),
                  dump.rest.begin() + static_cast<std::ptrdiff_t>(beginning.first_row));
  return std::move(beginning.dump);
}

}  // namespace stave::loading
