// The values of one column in memory, taken from column files block by block and written again in
// another order or with rows left out. For rewriting segments and dimensions.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/column_file.h"

namespace stave {

class ColumnRows {
 public:
  explicit ColumnRows(Physical physical) : physical_(physical) {}

  std::uint32_t rows() const { return rows_; }
  bool has_values() const { return has_values_; }
  bool is_null(std::uint32_t row) const {
    return physical_ == Physical::kCode ? codes_[row] == kNullCode : !valid_[row];
  }
  // Of a column of codes.
  const std::vector<std::uint32_t>& codes() const { return codes_; }
  // Of a column of integers; what is null is 0.
  const std::vector<std::int64_t>& int64s() const { return int64s_; }

  void append(const DecodedBlock& block);
  void append_nulls(std::uint32_t count);
  // Every block of the file, then nulls up to `rows`.
  Result<void> append(const ColumnFileReader& file, std::uint32_t rows);
  // What is known of a block's values, which begin at that row of the file.
  using Predict = std::function<Prediction(std::uint32_t first_row, const ColumnValues& values)>;
  // The given rows in the given order, into a file that is empty yet where `predict` is given.
  Result<void> write(std::span<const std::uint32_t> order, ColumnFileWriter& writer,
                     const Predict& predict = {}) const;

 private:
  Physical physical_;
  std::uint32_t rows_ = 0;
  bool has_values_ = false;
  std::vector<std::uint32_t> codes_;
  std::vector<std::int64_t> int64s_;
  std::vector<Int128> int128s_;
  std::vector<double> float64s_;
  std::vector<std::string_view> strings_;
  std::vector<bool> valid_;  // empty for codes
  Arena text_;
};

}  // namespace stave
