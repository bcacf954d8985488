// Which of a file's first rows names the columns, if any does.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "tools/import/sampled_rows.h"

namespace stave::loading {

struct KnownHeader {
  std::size_t row = 0;  // index in the sample
  double share = 0;     // of its names that the table knows; 0: there is no such row
};

// The first row of which at least half of the names are known.
KnownHeader known_header(const SampledRows& sampled,
                         const std::function<bool(const std::string&)>& knows);

struct HeaderGuess {
  std::size_t preamble = 0;  // rows before the table
  bool has_header = true;
  std::size_t rows = 1;  // of the header
  // Rows that say the same can only repeat it: the table knows its names, or they stand over a
  // column of values at least and in no other row.
  bool is_sure = false;
  bool is_known = false;  // the table knows its names
};

// Rows before a known header are a preamble. Where no name is known: rows with few cells filled
// before the first one that could be a header are, rows of another width where it is one beyond
// doubt; a file has none if its first row has the numbers and times that the others have. Rows
// behind it belong to it that say the names once more, or give names or units to columns of values.
HeaderGuess guess_header(const SampledRows& sampled,
                         const std::function<bool(const std::string&)>& knows);

}  // namespace stave::loading
