// See other_header.h.
#include "tools/import/other_header.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <unordered_set>

#include "tools/import/blanks.h"
#include "tools/import/cell_shape.h"
#include "tools/import/quoted_text.h"

namespace stave::loading {

namespace {

constexpr std::size_t kMostRowsBefore = 50;
constexpr std::size_t kFewestWords = 3;
constexpr std::array<std::string_view, 2> kFields{"#Fields:", "#fields\t"};

std::size_t end_of_line(std::string_view text, std::size_t begin) {
  return std::min(text.find_first_of("\r\n", begin), text.size());
}

std::size_t next_line(std::string_view text, std::size_t end) {
  if (end < text.size() && text[end] == '\r') ++end;
  if (end < text.size() && text[end] == '\n') ++end;
  return end;
}

// Among the comments that the text begins with.
std::optional<std::size_t> find_fields(std::string_view sample) {
  for (std::size_t at = 0; at < sample.size() && sample[at] == '#';) {
    const std::string_view rest = sample.substr(at);
    if (std::ranges::any_of(kFields, [&](auto word) { return rest.starts_with(word); })) return at;
    at = next_line(sample, end_of_line(sample, at));
  }
  return std::nullopt;
}

// Several blanks are one separator.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = std::min(line.find_first_not_of(" \t", at), line.size());
    at = std::min(line.find_first_of(" \t", begin), line.size());
    if (at > begin) words.emplace_back(line.substr(begin, at - begin));
  }
  return words;
}

std::vector<std::string> cells_of(std::string_view line, Dialect dialect,
                                  std::string_view separator) {
  dialect.separator = separator;
  dialect.comment = '\0';
  SplitRow row = split_first_row(line.data(), line.size(), dialect, true);
  if (row.faulty) return {};
  for (std::string& cell : row.fields) cell = std::string(without_blanks(cell));
  if (separator == " ") {
    std::erase_if(row.fields, [](const std::string& cell) { return cell.empty(); });
  }
  return row.fields;
}

bool are_names(const std::vector<std::string>& cells) {
  std::unordered_set<std::string_view> seen;
  return std::ranges::all_of(cells, [&](const std::string& cell) {
    const bool any_letter = std::ranges::any_of(cell, [](char byte) {
      return std::isalpha(static_cast<unsigned char>(byte)) != 0 ||
             static_cast<unsigned char>(byte) >= 0x80;
    });
    return any_letter && shape_of(cell) == CellShape::kText && seen.insert(cell).second;
  });
}

// Whether nothing but lines of text stand there, and notes.
bool are_titles(std::span<const SampledRow> rows, std::string_view sample) {
  constexpr std::size_t kMostTitles = 3;
  std::size_t titles = 0;
  for (const SampledRow& row : rows) {
    if (sample[row.begin] == '#') continue;
    if (row.cells.size() > 1) return false;
    ++titles;
  }
  return titles <= kMostTitles;
}

// Whether at least half of the first rows below the names have a cell for each.
bool rows_fit(std::string_view sample, const OtherHeader& header, const Dialect& dialect) {
  std::size_t rows = 0;
  std::size_t fitting = 0;
  std::size_t at = header.next;
  while (rows < kMostRowsBefore && at < sample.size()) {
    const std::size_t end = end_of_line(sample, at);
    const std::string_view line = sample.substr(at, end - at);
    at = next_line(sample, end);
    if (line.empty() || line.front() == '#') continue;
    ++rows;
    if (cells_of(line, dialect, dialect.separator).size() == header.names.size()) ++fitting;
  }
  return fitting * 2 >= rows;
}

}  // namespace

std::optional<std::string> separator_of_log(std::string_view sample,
                                            const std::optional<std::string>& given) {
  if (!find_fields(sample)) return std::nullopt;
  const std::vector<std::string> all{"\t", " ", ","};
  for (const std::string& separator : given ? std::vector{*given} : all) {
    Dialect dialect;
    dialect.separator = separator;
    const auto header = fields_line(sample, dialect);
    if (header && header->names.size() > 1 && rows_fit(sample, *header, dialect)) {
      return dialect.separator;
    }
  }
  return std::nullopt;
}

std::optional<OtherHeader> fields_line(std::string_view sample, const Dialect& dialect) {
  const auto begin = find_fields(sample);
  if (!begin) return std::nullopt;
  const std::size_t end = end_of_line(sample, *begin);
  const std::string_view line =
      without_blanks(sample.substr(*begin, end - *begin).substr(kFields.front().size()));
  const bool is_separated =
      dialect.separator != " " && line.find(dialect.separator) != std::string_view::npos;
  // Names between blanks over rows of tabs, as CloudFront writes them, follow a line of the
  // version.
  const bool may_be_words = dialect.separator == " " || (dialect.separator == "\t" && *begin > 0);
  if (!is_separated && !may_be_words) return std::nullopt;
  OtherHeader header;
  header.begin = *begin;
  header.next = next_line(sample, end);
  header.names = is_separated ? cells_of(line, dialect, dialect.separator) : words_of(line);
  return header.names.empty() ? std::nullopt : std::optional(std::move(header));
}

std::optional<OtherHeader> header_before_rows(std::string_view sample, const SampledRows& rows,
                                              const Dialect& dialect) {
  const std::size_t width = rows.usual_width;
  if (width < 2) return std::nullopt;
  const std::size_t most = std::min(rows.rows.size(), kMostRowsBefore);
  std::size_t first = 0;
  while (first < most && (rows.rows[first].faulty || rows.rows[first].cells.size() != width)) {
    ++first;
  }
  if (first == most) return std::nullopt;
  const std::string_view before = sample.substr(0, rows.rows[first].begin);
  const std::size_t end = before.find_last_not_of(" \t\r\n") + 1;
  const std::size_t line_end = before.substr(0, end).find_last_of("\r\n");
  OtherHeader header;
  header.begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  header.next = before.size();
  header.row = first;
  std::string_view line = sample.substr(header.begin, end - header.begin);
  const bool is_comment = line.starts_with('#');
  line.remove_prefix(std::min(line.find_first_not_of('#'), line.size()));
  line = without_blanks(line);
  // A row of the table's own separator stays one, whatever its width.
  const bool is_one_cell = line.find(dialect.separator) == std::string_view::npos ||
                           cells_of(line, dialect, dialect.separator).size() == 1;
  if (!is_one_cell && !is_comment) return std::nullopt;
  const auto is_behind = [&](const SampledRow& row) { return row.begin >= header.begin; };
  const auto titles_end = std::ranges::find_if(rows.rows, is_behind);
  if (!are_titles({rows.rows.begin(), titles_end}, sample)) return std::nullopt;
  const bool may_be_words =
      is_one_cell && width >= kFewestWords && line.find_first_of(",\t;|") == std::string_view::npos;
  for (const std::string_view separator : {",", "\t", ";", "|", " "}) {
    const bool is_same = separator == dialect.separator;
    if (is_same && !is_comment) continue;
    if (separator == " " && !is_same && !may_be_words) continue;
    header.names = cells_of(line, dialect, separator);
    if (header.names.size() == width && are_names(header.names)) return header;
  }
  return std::nullopt;
}

}  // namespace stave::loading
