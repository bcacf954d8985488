// Cells of one column compared by value: what breaks ties, finds extremes and is too rare to be
// worth keys of fixed width. Nulls are above all values, not-a-number above all numbers.
#pragma once

#include <cstddef>
#include <span>

#include "engine/operators/row_locator.h"
#include "engine/vector.h"

namespace stave {

// Negative, zero or positive. The vectors have one representation and, if coded, one dictionary.
int compare_cells(const Vector& left, std::uint32_t left_row, const Vector& right,
                  std::uint32_t right_row);

// Whole rows: by all columns from the first to the last, each ascending, nulls last.
class RowOrder {
 public:
  RowOrder(std::span<const Batch> batches, const RowLocator& locator)
      : batches_(batches), locator_(&locator) {}
  int compare(RowNumber left, RowNumber right) const;

 private:
  std::span<const Batch> batches_;
  const RowLocator* locator_;
};

}  // namespace stave
