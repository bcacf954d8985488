// See header_guess.h.
#include "tools/import/header_guess.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "tools/import/blanks.h"
#include "tools/import/cell_shape.h"
#include "tools/import/row_count_line.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kMostPreambleRows = 50;
constexpr std::size_t kMostOddRows = 3;  // before a table, neither of its width nor titles
constexpr std::size_t kMostHeaderRows = 5;
constexpr std::size_t kFewestRows = 2;  // behind a header of several rows
// Of the rows behind a header that lines of another width stand before.
constexpr double kTableShare = 0.9;

bool is_value(CellShape shape) {
  return shape == CellShape::kNumber || shape == CellShape::kTime;
}

bool is_empty(const std::string& cell) {
  return shape_of(cell) == CellShape::kEmpty;
}

// What stands in a column of values could be its name or unit: neither a value nor a word for none.
bool could_be_name(const std::string& cell) {
  static constexpr std::array<std::string_view, 18> kNothing{
      "na",  "n/a",  "n.a.", "#n/a", "nan",     "null",    "\\n",     "none",    "nil",
      "inf", "-inf", "nd",   "n.d.", "missing", "unknown", "pending", "offline", "tbd"};
  if (shape_of(cell) != CellShape::kText) return false;
  std::string word(without_blanks(cell));
  for (char& byte : word) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  const bool any_letter = std::any_of(word.begin(), word.end(), [](char byte) {
    return std::isalpha(static_cast<unsigned char>(byte)) != 0 || byte == '%' ||
           static_cast<unsigned char>(byte) >= 0x80;
  });
  return any_letter && std::find(kNothing.begin(), kNothing.end(), word) == kNothing.end();
}

// Names: no values, and none twice.
bool could_be_header(const SampledRow& row) {
  std::unordered_set<std::string> names;
  for (const std::string& cell : row.cells) {
    if (is_empty(cell)) continue;
    if (is_value(shape_of(cell)) || !names.insert(cell).second) return false;
  }
  return !names.empty();
}

std::size_t used_width(const SampledRow& row) {
  std::size_t width = row.cells.size();
  while (width > 0 && row.cells[width - 1].empty()) --width;
  return width;
}

// Lines of a title, perhaps filled up with separators by a sheet, have few cells that hold
// something.
bool is_sparse(const SampledRow& row, std::size_t width) {
  const auto filled = std::count_if(row.cells.begin(), row.cells.end(),
                                    [](const std::string& cell) { return !cell.empty(); });
  return !row.faulty && (filled <= 1 || used_width(row) * 3 <= width) && used_width(row) < width;
}

bool is_note(const SampledRow& row) {
  return !row.cells.empty() && row.cells.front().starts_with('#');
}

// The columns that hold nothing but values in the rows from `first` on.
std::vector<std::size_t> value_columns(const SampledRows& sampled, std::size_t first,
                                       std::size_t width) {
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < width; ++column) {
    std::size_t values = 0;
    std::size_t texts = 0;
    for (std::size_t i = first; i < sampled.rows.size(); ++i) {
      const SampledRow& row = sampled.rows[i];
      if (row.cells.size() != width) continue;
      const CellShape shape = shape_of(row.cells[column]);
      if (shape == CellShape::kText) ++texts;
      if (is_value(shape)) ++values;
    }
    if (values > 0 && texts == 0) columns.push_back(column);
  }
  return columns;
}

bool has_names_in(const SampledRow& row, const std::vector<std::size_t>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](std::size_t column) { return could_be_name(row.cells[column]); });
}

// Names over so many columns of values, in a table that nearly all rows behind belong to.
bool is_clear_header(const SampledRows& sampled, std::size_t header, std::size_t fewest) {
  const SampledRow& row = sampled.rows[header];
  const std::size_t behind = sampled.rows.size() - header - 1;
  const auto same = static_cast<double>(std::count_if(
      sampled.rows.end() - static_cast<std::ptrdiff_t>(behind), sampled.rows.end(),
      [&](const SampledRow& other) { return other.cells.size() == row.cells.size(); }));
  if (behind < 2 || same < kTableShare * static_cast<double>(behind)) return false;
  const std::vector<std::size_t> columns = value_columns(sampled, header + 1, row.cells.size());
  return columns.size() >= fewest && could_be_header(row) && has_names_in(row, columns);
}

std::size_t preamble_rows(const SampledRows& sampled) {
  const std::size_t most = std::min(sampled.rows.size(), kMostPreambleRows);
  const std::size_t width = sampled.usual_width;
  std::vector<std::size_t> others;       // of another width
  std::vector<std::size_t> half_filled;  // with nothing in the second half
  const auto header_or_none = [&](std::size_t i) {
    const SampledRow& row = sampled.rows[i];
    if (row.cells.size() != width) return std::size_t{0};
    if (others.empty()) return could_be_header(row) ? i : 0;
    // One word over one column may be a value that is missing, under a header that is too narrow.
    const bool is_one_before = std::any_of(others.begin(), others.end(), [&](std::size_t other) {
      return could_be_header(sampled.rows[other]);
    });
    return is_clear_header(sampled, i, is_one_before ? 2 : 1) ? i : 0;
  };
  for (std::size_t i = 0; i < most; ++i) {
    const SampledRow& row = sampled.rows[i];
    if (is_sparse(row, width)) continue;
    if (row.cells.size() != width) {
      if (!is_note(row)) others.push_back(i);
    } else if (used_width(row) * 2 <= width) {
      half_filled.push_back(i);
    } else {
      return header_or_none(i);
    }
    // So many are a table themselves.
    if (half_filled.size() > kMostOddRows) return header_or_none(half_filled.front());
    if (others.size() > kMostOddRows) return 0;
  }
  return 0;
}

// Whether the first row has values wherever the rows behind it have nothing but values.
bool first_row_is_data(const SampledRows& sampled, std::size_t first) {
  const std::vector<std::string>& names = sampled.rows[first].cells;
  const std::vector<std::size_t> columns = value_columns(sampled, first + 1, names.size());
  return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](std::size_t column) {
    return is_value(shape_of(names[column]));
  });
}

// Whether a row has names or units in all columns of values, not one word in all of them, and says
// nothing else: a row of data in which values are missing says what it is about.
bool names_values(const SampledRow& row, const std::vector<std::string>& names,
                  const std::vector<std::size_t>& columns) {
  const std::string& first = row.cells[columns.front()];
  if (std::all_of(columns.begin(), columns.end(),
                  [&](std::size_t column) { return row.cells[column] == first; })) {
    return false;
  }
  for (std::size_t column = 0; column < names.size(); ++column) {
    const bool is_of_values = std::binary_search(columns.begin(), columns.end(), column);
    const std::string& cell = row.cells[column];
    if (!is_of_values && !is_empty(cell) && !is_empty(names[column]) && cell != names[column]) {
      return false;
    }
  }
  return true;
}

// Whether the rows behind a header's first one and before `end` go on with its names: say them once
// more, or have names or units in half of the columns at least, all over nothing but values.
bool continues_header(const SampledRows& sampled, std::size_t header, std::size_t end) {
  const std::vector<std::string>& names = sampled.rows[header].cells;
  const std::size_t width = names.size();
  if (width < 2 || end >= sampled.rows.size()) return false;
  const std::vector<std::size_t> columns = value_columns(sampled, end, width);
  const bool is_mostly_values = columns.size() >= 2 && columns.size() * 2 >= width;
  const auto goes_on = [&](const SampledRow& row) {
    return row.cells.size() == width && has_names_in(row, columns) &&
           (row.cells == names || (is_mostly_values && names_values(row, names, columns))) &&
           std::none_of(row.cells.begin(), row.cells.end(),
                        [](const std::string& cell) { return is_value(shape_of(cell)); });
  };
  return !columns.empty() && sampled.rows.size() - end >= kFewestRows &&
         std::all_of(sampled.rows.begin() + static_cast<std::ptrdiff_t>(header) + 1,
                     sampled.rows.begin() + static_cast<std::ptrdiff_t>(end), goes_on);
}

bool is_empty_row(const SampledRow& row) {
  return std::ranges::all_of(row.cells, is_empty);
}

// Whether a row behind the header holds texts only, and only where the row of parts does: then rows
// of data have nothing in the other columns, and the row of parts may be one of them. One that says
// mostly the same repeats it, over the next table of a sheet.
bool is_like_parts(const SampledRow& row, const SampledRow& parts) {
  if (row.cells.size() != parts.cells.size()) return false;
  std::size_t texts = 0;
  std::size_t same = 0;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const CellShape shape = shape_of(row.cells[column]);
    if (shape == CellShape::kEmpty) continue;
    if (shape != CellShape::kText || is_empty(parts.cells[column])) return false;
    ++texts;
    same += row.cells[column] == parts.cells[column] ? 1 : 0;
  }
  return texts > 0 && same * 2 <= texts;
}

// Whether a row says what stands below names over several columns (`Travel,,` over `,Air,Rail`): it
// has names for columns without one and for the first of those below such a name, and nothing else.
// A row of data may be like that where one column has no name: two beside each other must have
// none, or values stand below the parts.
bool names_parts(const SampledRows& sampled, std::size_t index, std::size_t end,
                 const std::vector<bool>& named) {
  const SampledRow& row = sampled.rows[index];
  std::vector<std::size_t> parts;
  bool are_neighbours = false;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    if (is_empty(row.cells[column])) continue;
    const bool begins_span = column + 1 < named.size() && !named[column + 1];
    if ((named[column] && !begins_span) || !could_be_name(row.cells[column])) return false;
    if (named[column]) continue;
    are_neighbours = are_neighbours || (!parts.empty() && parts.back() + 1 == column);
    parts.push_back(column);
  }
  if (parts.empty()) return false;
  const std::vector<std::size_t> values = value_columns(sampled, end, row.cells.size());
  return (are_neighbours || std::ranges::includes(values, parts)) &&
         std::none_of(sampled.rows.begin() + static_cast<std::ptrdiff_t>(end), sampled.rows.end(),
                      [&](const SampledRow& other) { return is_like_parts(other, row); });
}

// Whether the rows of a header before `end` name all columns only together.
bool names_parts_below(const SampledRows& sampled, std::size_t header, std::size_t end) {
  constexpr std::size_t kFewestColumns = 3;
  const std::vector<std::string>& names = sampled.rows[header].cells;
  if (names.size() < kFewestColumns || sampled.rows.size() < end + kFewestRows) return false;
  std::vector<bool> named;
  named.reserve(names.size());
  for (const std::string& name : names) named.push_back(!is_empty(name));
  // Separators at the end of all lines are no columns.
  while (!named.empty() && !named.back() &&
         std::all_of(sampled.rows.begin() + static_cast<std::ptrdiff_t>(header), sampled.rows.end(),
                     [&](const SampledRow& row) {
                       return row.cells.size() < named.size() ||
                              is_empty(row.cells[named.size() - 1]);
                     })) {
    named.pop_back();
  }
  const auto all_named = [&] { return std::ranges::find(named, false) == named.end(); };
  if (all_named() || std::ranges::count(named, true) < 2) return false;
  for (std::size_t i = header + 1; i < end; ++i) {
    const SampledRow& row = sampled.rows[i];
    if (row.cells.size() != names.size()) return false;
    if (is_empty_row(row) && i + 1 < end) continue;
    if (all_named() || !names_parts(sampled, i, end, named)) return false;
    for (std::size_t column = 0; column < named.size(); ++column) {
      if (!is_empty(row.cells[column])) named[column] = true;
    }
  }
  return all_named();
}

std::size_t header_rows(const SampledRows& sampled, std::size_t header) {
  for (std::size_t rows = kMostHeaderRows; rows > 1; --rows) {
    if (continues_header(sampled, header, header + rows) ||
        names_parts_below(sampled, header, header + rows)) {
      return rows;
    }
  }
  return 1;
}

// Where files were put one behind the other, a byte order mark may stand before it.
bool repeats(const std::vector<std::string>& cells, const std::vector<std::string>& names) {
  if (cells.empty() || cells.size() != names.size()) return false;
  std::string_view first = cells.front();
  if (first != names.front() && first.starts_with(kUtf8Mark)) {
    first.remove_prefix(kUtf8Mark.size());
  }
  return first == names.front() && std::equal(cells.begin() + 1, cells.end(), names.begin() + 1);
}

// A first row of texts over texts may be data, and so may the rows that are as it is.
bool is_sure_header(const SampledRows& sampled, std::size_t header) {
  constexpr std::size_t kValuesForEachText = 9;
  const std::vector<std::string>& names = sampled.rows[header].cells;
  std::vector<std::size_t> values(names.size());
  std::vector<std::size_t> texts(names.size());
  for (std::size_t i = header + 1; i < sampled.rows.size(); ++i) {
    const std::vector<std::string>& cells = sampled.rows[i].cells;
    if (repeats(cells, names) || (cells.size() == 1 && row_count_in(cells.front()))) continue;
    for (std::size_t column = 0; column < std::min(cells.size(), names.size()); ++column) {
      const CellShape shape = shape_of(cells[column]);
      if (shape == CellShape::kText && cells[column] == names[column]) return false;
      if (shape == CellShape::kText) ++texts[column];
      if (is_value(shape)) ++values[column];
    }
  }
  for (std::size_t column = 0; column < names.size(); ++column) {
    const bool has_values =
        values[column] > 0 && values[column] >= texts[column] * kValuesForEachText;
    if (has_values && could_be_name(names[column])) return true;
  }
  return false;
}

}  // namespace

KnownHeader known_header(const SampledRows& sampled,
                         const std::function<bool(const std::string&)>& knows) {
  const std::size_t most = std::min(sampled.rows.size(), kMostPreambleRows);
  for (std::size_t i = 0; i < most; ++i) {
    const std::vector<std::string>& cells = sampled.rows[i].cells;
    const auto known = static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), knows));
    const auto empty = static_cast<std::size_t>(
        std::count_if(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); }));
    const std::size_t names = cells.size() - empty;
    // One word that happens to be a column's name makes no header of a line of text.
    const bool enough = i == 0 ? known > 1 || known * 2 >= names : known > 1 && known * 2 >= names;
    if (known > 0 && enough) {
      return {i, static_cast<double>(known) / static_cast<double>(names)};
    }
  }
  return {};
}

HeaderGuess guess_header(const SampledRows& sampled,
                         const std::function<bool(const std::string&)>& knows) {
  if (const KnownHeader known = known_header(sampled, knows); known.share > 0) {
    return {known.row, true, 1, true, true};
  }
  if (sampled.rows.empty()) return {};
  HeaderGuess guess;
  guess.preamble = preamble_rows(sampled);
  guess.has_header = !first_row_is_data(sampled, guess.preamble);
  if (guess.has_header) {
    guess.rows = header_rows(sampled, guess.preamble);
    guess.is_sure = is_sure_header(sampled, guess.preamble);
  }
  return guess;
}

}  // namespace stave::loading
