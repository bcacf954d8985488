// Rows that tell nothing new: where all that is read of a row is computed from one coded column and
// its day, the second row of a code within a segment is like the first. For who has no use for
// repeats, such as a distinct count of few listeners who have many plays each day.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/evaluator.h"
#include "engine/scan/row_span.h"

namespace stave {

// The column, by number, that all expressions are computed from, where most rows of it repeat.
// `needs` tells which columns are read; those behind the first `stored` ones are constants of days.
std::optional<int> repeating_column(const std::vector<bool>& needs, std::size_t stored,
                                    const std::vector<ColumnShape>& shapes,
                                    const std::vector<RowSpan>& spans);

// The codes that one thread met in a segment.
class MetCodes {
 public:
  // Bit i of `is_fresh` tells whether codes[i] is met in the segment for the first time since
  // another one was looked at. Codes are below `count`.
  void mark(std::uint32_t segment, std::uint32_t count, const std::uint32_t* codes,
            std::uint32_t rows, std::uint64_t* is_fresh);

 private:
  std::optional<std::uint32_t> segment_;
  std::vector<std::uint32_t> bits_;
};

}  // namespace stave
