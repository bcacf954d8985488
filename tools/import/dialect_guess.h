// Finds out how a file is written from its first rows: the dialect in which they are a table. The
// method is that of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row
// and type patterns" (2019): rows of one width, cells that look like values; with the names that
// the table knows as the strongest sign.
//
// Invariant: what the user set is never changed, and where nothing speaks for another dialect the
// usual one is taken (comma, double quotes), so that faulty rows of a plain file stay faulty.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tools/import/dialect.h"
#include "tools/import/sampled_rows.h"

namespace stave::loading {

// Whether the table has a column of that name.
using KnowsName = std::function<bool(const std::string& header)>;

struct DialectGuess {
  Dialect dialect;
  SampledRows rows;  // as it reads them
};

// `given`: what is set in it stands. `at_end`: the sample is the whole text.
DialectGuess guess_dialect(std::string_view sample, bool at_end, const DumpFormat& given,
                           const KnowsName& knows);

}  // namespace stave::loading
