// The first rows of a text as one dialect reads them: what dialects are compared by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dialect.h"

namespace stave::loading {

struct SampledRow {
  std::size_t begin = 0;  // offset in the sample
  std::size_t end = 0;    // without the line end
  bool faulty = false;
  bool first_quoted = false;       // its first cell stands in quotes
  std::vector<std::string> cells;  // without quotes; none of a faulty row
};

struct SampledRows {
  std::vector<SampledRow> rows;  // neither blank lines nor comments
  std::size_t faults = 0;
  std::size_t quoted = 0;       // cells in quotes
  std::size_t needed = 0;       // of these: cells that would not be read the same without
  std::size_t usual_width = 0;  // of most rows; of two that are as frequent, the one seen first
  std::size_t usual_rows = 0;   // that have it
  bool enough = true;           // false: a row is longer than half of the sample

  // Gives faulty rows the cells that they have where stray quotes are text.
  void read_stray_rows(std::string_view sample, const Dialect& dialect);
  // Where it is known how many cells rows have.
  void expect_width(std::size_t width);
  // How many of the rows of a width from `first` on hold more than blanks at this place, as a
  // share.
  double filled_share(std::size_t column, std::size_t first, std::size_t width) const;
  // The width of most rows from `first` on; 0 where there are none.
  std::size_t usual_width_from(std::size_t first) const;
  double usual_share() const {
    return rows.empty() ? 0 : static_cast<double>(usual_rows) / static_cast<double>(rows.size());
  }
};

// `at_end`: the sample is the whole text. A row that the sample cuts off is left out.
SampledRows sample_rows(std::string_view sample, bool at_end, const Dialect& dialect);

}  // namespace stave::loading
