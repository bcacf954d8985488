// See header_names.h.
#include "tools/import/header_names.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <unordered_set>

#include "tools/import/blanks.h"
#include "tools/import/quoted_text.h"
#include "tools/import/stray_quotes.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

bool is_unnamed(const std::string& name) {
  return without_blanks(name).empty();
}

// `b` below `a` is `a b`. A cell over several columns has its text in the first of them, and a part
// below that.
void put_below(const std::vector<std::string>& row, std::vector<std::string>& names) {
  if (names.size() < row.size()) names.resize(row.size());
  std::string above;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!is_unnamed(names[i])) above = is_unnamed(row[i]) ? "" : names[i];
    if (is_unnamed(row[i])) continue;
    names[i] = is_unnamed(above) ? row[i] : above + " " + row[i];
  }
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
    at += by.size();
  }
}

bool stand_between(const std::vector<std::string>& names, char open, char close) {
  return std::all_of(names.begin(), names.end(), [=](const std::string& name) {
    const std::string_view bare = without_blanks(name);
    return bare.empty() || (bare.size() > 2 && bare.front() == open && bare.back() == close);
  });
}

}  // namespace

void take_marks_off(std::vector<std::string>& names,
                    const std::function<bool(const std::string&)>& may_be_comment) {
  for (std::string& name : names) {
    replace_all(name, "\xC2\xA0", " ");
    replace_all(name, "\xE2\x80\xAF", " ");
    replace_all(name, kUtf8Mark, "");
  }
  if (stand_between(names, '`', '`') || stand_between(names, '[', ']')) {
    for (std::string& name : names) {
      if (is_unnamed(name)) continue;
      const std::string_view bare = without_blanks(name);
      name = std::string(bare.substr(1, bare.size() - 2));
    }
  }
  if (names.size() > 1 && names.front().starts_with('#')) {
    const std::string bare(without_blanks(std::string_view(names.front()).substr(1)));
    if (!bare.empty() && may_be_comment(bare)) names.front() = bare;
  }
}

HeaderNames read_header(std::string_view text, bool at_end, const Dialect& dialect,
                        const DumpFormat& format, std::size_t width) {
  HeaderNames header;
  for (std::uint64_t row = 0; row < format.header_rows; ++row) {
    while (row > 0 && header.next < text.size() &&
           (text[header.next] == '\n' || text[header.next] == '\r')) {
      ++header.next;
    }
    const std::string_view rest = text.substr(header.next);
    SplitRow split = split_first_row(rest.data(), rest.size(), dialect, at_end);
    if (row > 0 && split.complete && dialect.comment != '\0' && rest.starts_with(dialect.comment)) {
      header.next += split.next;
      --row;
      continue;
    }
    header.complete = split.complete;
    if (!split.complete) return header;
    if (split.faulty && format.stray_quotes == StrayQuotes::kText) {
      std::string_view line = rest.substr(0, split.next);
      while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
      auto cells = cells_of_stray_line(line, dialect, width);
      split.fields = cells ? std::move(*cells) : cells_between_separators(line, dialect);
      split.faulty = false;
    }
    header.faulty = header.faulty || split.faulty;
    header.next += split.next;
    if (row == 0) {
      header.names = std::move(split.fields);
    } else {
      put_below(split.fields, header.names);
    }
  }
  return header;
}

void widen_names(const SampledRows& rows, std::size_t first, std::vector<std::string>& names) {
  const std::size_t width = rows.usual_width_from(first);
  if (names.size() < width) names.resize(width);
}

void drop_names_that_rows_lack(const SampledRows& rows, std::size_t first,
                               std::vector<std::string>& names) {
  constexpr std::size_t kFewestRows = 2;
  const std::size_t width = rows.usual_width_from(first);
  const auto unnamed =
      static_cast<std::size_t>(std::count_if(names.begin(), names.end(), is_unnamed));
  if (rows.rows.size() < first + kFewestRows || names.size() != width + unnamed) return;
  const bool all_lack_them =
      std::all_of(rows.rows.begin() + static_cast<std::ptrdiff_t>(first), rows.rows.end(),
                  [&](const SampledRow& row) { return row.cells.size() == width; });
  if (all_lack_them) std::erase_if(names, is_unnamed);
}

bool may_have_row_names(const SampledRows& rows, std::size_t first) {
  std::unordered_set<std::string_view> names;
  return std::all_of(
      rows.rows.begin() + static_cast<std::ptrdiff_t>(std::min(first, rows.rows.size())),
      rows.rows.end(), [&](const SampledRow& row) {
        return row.faulty || (row.first_quoted && names.insert(row.cells.front()).second);
      });
}

bool has_row_names(const SampledRows& rows, std::size_t first, std::size_t names) {
  constexpr std::size_t kFewestRows = 2;
  constexpr double kFewestFilled = 0.5;
  if (first == 0 || rows.rows.size() < first + kFewestRows || !rows.rows[first - 1].first_quoted) {
    return false;
  }
  const bool are_wider =
      std::all_of(rows.rows.begin() + static_cast<std::ptrdiff_t>(first), rows.rows.end(),
                  [&](const SampledRow& row) { return row.cells.size() == names + 1; });
  return are_wider && may_have_row_names(rows, first) &&
         rows.filled_share(names, first, names + 1) >= kFewestFilled;
}

bool underlines(const std::vector<std::string>& cells, const std::vector<std::string>& names) {
  if (cells.size() != names.size()) return false;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view line = without_blanks(cells[i]);
    const std::size_t name = without_blanks(names[i]).size();
    if (line.size() < std::max<std::size_t>(name, 1)) return false;
    if (line.find_first_not_of('-') != std::string_view::npos) return false;
    longest = std::max(longest, line.size());
  }
  return longest > 1;
}

bool is_index(const SampledRows& rows, std::size_t first) {
  const auto number_of = [&](std::size_t row) {
    const std::vector<std::string>& cells = rows.rows[row].cells;
    std::uint64_t number = 0;
    if (cells.empty()) return std::optional<std::uint64_t>();
    const std::string& cell = cells.front();
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    const bool whole = error == std::errc() && end == cell.data() + cell.size();
    return whole ? std::optional(number) : std::nullopt;
  };
  if (first >= rows.rows.size()) return true;
  const auto begin = number_of(first);
  for (std::size_t row = first; row < rows.rows.size(); ++row) {
    if (!rows.rows[row].faulty && (!begin || number_of(row) != *begin + (row - first)))
      return false;
  }
  return true;
}

}  // namespace stave::loading
