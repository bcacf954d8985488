// How many rows each group has: counted once for all averages of columns without nulls.
#pragma once

#include <cstdint>

namespace stave {

class RowCounts {
 public:
  virtual ~RowCounts() = default;
  virtual std::uint64_t rows_of(std::uint32_t group) const = 0;
};

}  // namespace stave
