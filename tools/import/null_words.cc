// Those of SQL, MySQL's dumps, R, pandas, Python and spreadsheets.
#include "tools/import/null_words.h"

#include <algorithm>
#include <array>

namespace stave::loading {

bool is_null_word(std::string_view cell) {
  constexpr std::array<std::string_view, 13> kWords{"NULL", "null", "Null", "\\N", "NA",
                                                    "N/A",  "n/a",  "#N/A", "NaN", "nan",
                                                    "NAN",  "None", "none"};
  return std::find(kWords.begin(), kWords.end(), cell) != kWords.end();
}

}  // namespace stave::loading
