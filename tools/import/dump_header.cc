// How a file of separated values is written and where its rows begin: the dialect, what stands
// before the table, and the header. See dump_opener.h.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "tools/import/blanks.h"
#include "tools/import/dump_beginning.h"
#include "tools/import/header_names.h"
#include "tools/import/quoted_text.h"
#include "tools/import/text_lines.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr const char* kFirstColumn = "column_1";

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
  std::optional<std::string> log_separator;
  if (may_be_named && !given_.comment) log_separator = separator_of_log(text, given_.separator);
  DumpFormat given = given_;
  if (log_separator) {
    given.comment = '#';
    given.separator = log_separator;
  }
  DialectGuess guessed = guess_dialect(text, beginning.dump.at_end, given, knows);
  beginning.data_row = 0;
  if (given_.stray_quotes == StrayQuotes::kText) {
    guessed.rows.read_stray_rows(text, guessed.dialect);
  }
  HeaderGuess header = guess_header(guessed.rows, knows);
  beginning.other_header.reset();
  if (log_separator) {
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

// The names of the header as columns are called, and names for columns that it has none for.
void DumpOpener::name_columns(Beginning& beginning, std::string_view before) const {
  const bool fill = beginning.dump.format.ragged == RaggedRows::kFill;
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
    name_columns(beginning, text.substr(0, at));
    return true;
  }
  std::size_t count = std::max<std::size_t>(row.fields.size(), 1);
  if (fill || (row.faulty && format.stray_quotes == StrayQuotes::kText)) {
    count = std::max(count, beginning.rows.usual_width);
  }
  for (std::size_t i = 1; i <= count; ++i) beginning.names.push_back(fmt::format("column_{}", i));
  return true;
}

}  // namespace stave::loading
