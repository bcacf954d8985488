// See dump_opener.h. Where a header is longer than what was read, more is read and all begins anew.
#include "tools/import/dump_opener.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "tools/import/blanks.h"
#include "tools/import/header_names.h"
#include "tools/import/json/json_library.h"
#include "tools/import/parquet/parquet_text.h"
#include "tools/import/quoted_text.h"
#include "tools/import/text_lines.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr const char* kFirstColumn = "column_1";
constexpr std::size_t kMostHeaderBytes = std::size_t{16} << 20;

// What was found out beside what was given.
DumpFormat completed(DumpFormat format, const Dialect& dialect, bool has_header) {
  format.format = InputFormat::kCsv;
  describe(dialect, format);
  format.header = format.header.value_or(format.column_names.empty() && has_header);
  return format;
}

std::size_t after_blanks(std::string_view text) {
  return std::min(text.find_first_not_of(" \t\r\n"), text.size());
}

std::string_view without_line_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of("\r\n") + 1);
}

// For messages: not more of it than fits.
std::string_view first_line(std::string_view text) {
  constexpr std::size_t kMostBytes = 60;
  return text.substr(0, std::min(text.find_first_of("\r\n"), kMostBytes));
}

}  // namespace

struct DumpOpener::Beginning {
  OpenedDump dump;
  Dialect dialect;
  std::size_t size = 0;       // of the text in dump.rest
  bool is_cut_off = false;    // JSON, but not yet a whole object
  std::size_t table = 0;      // where it begins, blank lines before it included
  std::size_t first_row = 0;  // behind the header, if there is one
  std::vector<std::string> names;
  SampledRows rows;          // as the dialect reads them
  std::size_t data_row = 0;  // the first of these behind the header
  std::string header_line;   // of a header of one row, where rows that repeat it are none
  bool may_be_repeated = false;
  std::optional<OtherHeader> other_header;  // in the text from the table on
  std::size_t filled = 0;  // columns up to the last that rows hold something in, named or not

  std::string_view text() const { return {dump.rest.data(), size}; }
  // Names stand apart from rows there: whatever a row says, it is one.
  bool is_parquet() const { return dump.source->input().compression() == Compression::kParquet; }
  const std::string& path() const { return dump.source->input().path(); }
};

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

// A row of the table that may be its header goes before a line of another kind.
std::optional<OtherHeader> DumpOpener::find_other_header(std::string_view text,
                                                         const DialectGuess& guessed,
                                                         const HeaderGuess& header) const {
  auto other = header_before_rows(text, guessed.rows, guessed.dialect);
  const bool has_one = other && header.has_header && header.preamble >= other->row;
  const bool is_further_down = other && given_.header && other->row > 1;
  return has_one || is_further_down ? std::nullopt : std::move(other);
}

// Finds out the dialect, and where the table begins.
Result<void> DumpOpener::guess(Beginning& beginning) const {
  const KnowsName knows = [this](const std::string& name) { return table_.knows(name); };
  const std::string_view text = beginning.text().substr(beginning.table);
  const bool may_be_named =
      given_.column_names.empty() && given_.header.value_or(true) && given_.header_rows == 1;
  const bool is_log = may_be_named && !given_.comment && has_fields_line(text);
  DumpFormat given = given_;
  if (is_log) {
    given.comment = '#';
    if (!given.separator) given.separator = separator_of_log(text);
  }
  DialectGuess guessed = guess_dialect(text, beginning.dump.at_end, given, knows);
  beginning.data_row = 0;
  if (given_.stray_quotes == StrayQuotes::kText) {
    guessed.rows.read_stray_rows(text, guessed.dialect);
  }
  HeaderGuess header = guess_header(guessed.rows, knows);
  beginning.other_header.reset();
  if (is_log) {
    beginning.other_header = fields_line(text, guessed.dialect);
  } else if (may_be_named && !header.is_known && !beginning.is_parquet()) {
    beginning.other_header = find_other_header(text, guessed, header);
  }
  if (beginning.other_header) header = {0, true, 1, false, false};
  beginning.may_be_repeated = given_.header.has_value() || header.is_sure;
  beginning.dialect = guessed.dialect;
  beginning.dump.format = completed(given_, guessed.dialect, header.has_header);
  if (!*beginning.dump.format.header && given_.column_names.empty() && !given_.header &&
      !table_.takes_any_name()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The file seems to have no header: {} (its first row is `{}`). Name "
                            "its columns with `--columns a,b,c`, or say `--header yes`.",
                            beginning.path(), first_line(text.substr(guessed.rows.rows[0].begin))));
  }
  if (*beginning.dump.format.header && !given_.header && given_.column_names.empty()) {
    beginning.dump.format.header_rows = header.rows;
  }
  // Where ragged rows are filled, the header's width tells nothing, and one row that holds
  // something is enough.
  const bool fill = given_.ragged == RaggedRows::kFill;
  const std::size_t behind = beginning.other_header                   ? beginning.other_header->row
                             : fill && !*beginning.dump.format.header ? 0
                                                                      : header.preamble + 1;
  const std::size_t width = fill ? guessed.rows.usual_width_from(behind) : guessed.rows.usual_width;
  beginning.filled = width;
  while (beginning.filled > 0 &&
         guessed.rows.filled_share(beginning.filled - 1, behind, width) <= (fill ? 0 : 0.5)) {
    --beginning.filled;
  }
  if (*beginning.dump.format.header && given_.skip_lines == 0 && header.preamble > 0 &&
      given_.header_rows == 1 && !beginning.is_parquet()) {
    beginning.data_row = header.preamble;
    const std::size_t preamble = guessed.rows.rows[header.preamble].begin;
    beginning.table += preamble;
    beginning.dump.format.skip_lines += count_line_ends(text.substr(0, preamble));
  }
  if (*beginning.dump.format.header) beginning.data_row += beginning.dump.format.header_rows;
  if (beginning.other_header) {
    beginning.data_row = beginning.other_header->row;
    beginning.dump.format.skip_lines +=
        count_line_ends(text.substr(0, beginning.other_header->begin));
  }
  beginning.rows = std::move(guessed.rows);
  return {};
}

// Rows that end with separators under names that do not: nothing stands behind them, but in a few
// damaged rows.
void DumpOpener::widen_by_spare_separators(Beginning& beginning) {
  constexpr double kMostFilled = 0.05;
  const SampledRows& rows = beginning.rows;
  const std::size_t width = rows.usual_width_from(beginning.data_row);
  const std::size_t names = beginning.names.size();
  for (std::size_t column = names; column < width; ++column) {
    if (rows.filled_share(column, beginning.data_row, width) > kMostFilled) return;
  }
  if (width <= names || may_have_row_names(rows, beginning.data_row)) return;
  beginning.names.resize(width);
  beginning.dump.format.spare_separators = width - names;
}

// Programs that write for people draw a line of hyphens under each name.
void DumpOpener::pass_underline(Beginning& beginning, const std::vector<std::string>& names) {
  const std::string_view text = beginning.text().substr(beginning.first_row);
  const SplitRow row =
      split_first_row(text.data(), text.size(), beginning.dialect, beginning.dump.at_end);
  if (!row.complete || row.faulty || !underlines(row.fields, names)) return;
  beginning.first_row += row.next;
  ++beginning.data_row;
  ++beginning.dump.format.header_echoes;
}

// Finds the header, or the first row of a file without one, and with it the names of the columns.
// False: more text is needed.
Result<bool> DumpOpener::find_first_row(Beginning& beginning) const {
  const std::string_view text = beginning.text();
  const DumpFormat& format = beginning.dump.format;
  const Dialect& dialect = beginning.dialect;
  std::size_t at = beginning.table;
  SplitRow row;
  while (!beginning.other_header) {
    while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
    row = split_first_row(text.data() + at, text.size() - at, dialect, beginning.dump.at_end);
    const bool is_comment =
        dialect.comment != '\0' && at < text.size() && text[at] == dialect.comment;
    if (!row.complete || !is_comment) break;
    at += row.next;
  }
  const bool nothing = at == text.size();
  if (!row.complete && !beginning.other_header && !beginning.dump.at_end) return false;
  if (nothing && format.column_names.empty() && (*format.header || text.empty())) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The input is empty: {}. Its first line must be a header that names "
                            "the columns.",
                            beginning.path()));
  }
  HeaderNames header;
  if (beginning.other_header) {
    at += beginning.other_header->begin;
    header.names = beginning.other_header->names;
    header.next = beginning.other_header->next - beginning.other_header->begin;
  } else if (*format.header) {
    header = read_header(text.substr(at), beginning.dump.at_end, dialect, format,
                         beginning.rows.usual_width);
    if (!header.complete && !beginning.dump.at_end) return false;
  }
  beginning.first_row = *format.header ? at + header.next : beginning.table;
  if (*format.header && format.header_rows == 1 && !beginning.is_parquet() &&
      !beginning.other_header) {
    if (beginning.may_be_repeated) {
      beginning.header_line = std::string(without_line_end(text.substr(at, header.next)));
    }
    pass_underline(beginning, header.names);
  }
  const bool fill = format.ragged == RaggedRows::kFill;
  beginning.names = format.column_names;
  if (!beginning.names.empty()) {
    if (fill) widen_names(beginning.rows, beginning.data_row, beginning.names);
    if (!fill) widen_by_spare_separators(beginning);
    return true;
  }
  if (*format.header) {
    if (header.faulty || !is_utf8(text.substr(at, header.next))) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("The header is not well-formed: {} ({}). Check its quotes (or say "
                              "`--stray-quotes text`), and that the file is UTF-8.",
                              beginning.path(), header.faulty ? "quotes" : "not UTF-8"));
    }
    beginning.names = std::move(header.names);
    const std::string_view before = text.substr(0, at);
    const bool behind_comments = before.substr(after_blanks(before)).starts_with('#');
    const std::vector<std::string> written = beginning.names;
    take_marks_off(beginning.names, [&](const std::string& first) {
      return behind_comments || table_.knows(first) || table_.maps(first);
    });
    for (std::size_t i = 0; i < written.size(); ++i) {
      std::string& name = beginning.names[i];
      if (name != written[i] && table_.means_with_marks(written[i], name)) name = written[i];
    }
    if (has_row_names(beginning.rows, beginning.data_row, beginning.names.size())) {
      beginning.names.insert(beginning.names.begin(), "");
    }
    drop_names_that_rows_lack(beginning.rows, beginning.data_row, beginning.names);
    if (!fill) widen_by_spare_separators(beginning);
    if (fill) widen_names(beginning.rows, beginning.data_row, beginning.names);
    const bool may_be_named = table_.is_made() || table_.find_column(kFirstColumn) >= 0;
    if (may_be_named && without_blanks(beginning.names.front()).empty() &&
        !is_index(beginning.rows, beginning.data_row)) {
      beginning.names.front() = kFirstColumn;
    }
    return true;
  }
  std::size_t count = std::max<std::size_t>(row.fields.size(), 1);
  if (fill || (row.faulty && format.stray_quotes == StrayQuotes::kText)) {
    count = std::max(count, beginning.rows.usual_width);
  }
  for (std::size_t i = 1; i <= count; ++i) beginning.names.push_back(fmt::format("column_{}", i));
  return true;
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
