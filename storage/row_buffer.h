// Rows that wait until a block is full. Invariant: holds at most kBlockRows rows, copied, so that
// nothing of the caller's is kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/column_file.h"

namespace stave {

class RowBuffer {
 public:
  explicit RowBuffer(Physical physical) : physical_(physical) {}

  std::uint32_t rows() const { return rows_; }
  // Copies rows [first, first + count) of `values`.
  void add(const ColumnValues& values, std::uint32_t first, std::uint32_t count);
  // All rows; valid until the next `add` or `clear`.
  ColumnValues values();
  void clear();

 private:
  Physical physical_;
  std::uint32_t rows_ = 0;
  bool has_nulls_ = false;
  std::vector<std::uint32_t> codes_;
  std::vector<std::int64_t> int64s_;
  std::vector<Int128> int128s_;
  std::vector<double> float64s_;
  std::vector<std::string_view> strings_;
  std::vector<std::size_t> lengths_;
  std::string text_;
  std::vector<std::uint64_t> validity_;
};

}  // namespace stave
