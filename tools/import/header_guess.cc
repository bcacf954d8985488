// See header_guess.h.
#include "tools/import/header_guess.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "tools/import/cell_shape.h"

namespace stave::loading {

namespace {

constexpr std::size_t kMostPreambleRows = 50;

bool is_value(CellShape shape) {
  return shape == CellShape::kNumber || shape == CellShape::kTime;
}

// Names: text in every cell but perhaps one, and none twice.
bool could_be_header(const SampledRow& row) {
  std::unordered_set<std::string> names;
  std::size_t empty = 0;
  for (const std::string& cell : row.cells) {
    const CellShape shape = shape_of(cell);
    if (shape == CellShape::kEmpty) {
      ++empty;
    } else if (is_value(shape) || !names.insert(cell).second) {
      return false;
    }
  }
  return empty <= 1 && !names.empty();
}

// Cells up to the last that holds something: sheets fill short lines up with separators.
std::size_t used_width(const SampledRow& row) {
  std::size_t width = row.cells.size();
  while (width > 0 && row.cells[width - 1].empty()) --width;
  return width;
}

std::size_t preamble_rows(const SampledRows& sampled) {
  const std::size_t most = std::min(sampled.rows.size(), kMostPreambleRows);
  for (std::size_t i = 0; i < most; ++i) {
    const SampledRow& row = sampled.rows[i];
    const bool narrow = !row.faulty && used_width(row) * 2 <= sampled.usual_width;
    if (!narrow) {
      return row.cells.size() == sampled.usual_width && (i == 0 || could_be_header(row)) ? i : 0;
    }
  }
  return 0;
}

// Whether the first row has values wherever the rows behind it have nothing but values.
bool first_row_is_data(const SampledRows& sampled, std::size_t first) {
  const std::vector<std::string>& names = sampled.rows[first].cells;
  bool any = false;
  for (std::size_t column = 0; column < names.size(); ++column) {
    std::size_t values = 0;
    std::size_t texts = 0;
    for (std::size_t i = first + 1; i < sampled.rows.size(); ++i) {
      const SampledRow& row = sampled.rows[i];
      if (row.cells.size() != names.size()) continue;
      const CellShape shape = shape_of(row.cells[column]);
      if (shape == CellShape::kText) ++texts;
      if (is_value(shape)) ++values;
    }
    if (values == 0 || texts > 0) continue;
    if (!is_value(shape_of(names[column]))) return false;
    any = true;
  }
  return any;
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
    return {known.row, true};
  }
  if (sampled.rows.empty()) return {};
  HeaderGuess guess;
  guess.preamble = preamble_rows(sampled);
  guess.has_header = !first_row_is_data(sampled, guess.preamble);
  return guess;
}

}  // namespace stave::loading
