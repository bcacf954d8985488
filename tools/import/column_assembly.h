// Columns of many pieces put together, in input order, with new columns turned into the type that
// the whole load gave them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/column_file.h"
#include "tools/import/column_conversion.h"
#include "tools/import/load.h"
#include "tools/import/narrow_integers.h"

namespace stave::loading {

// Values of one column, grown piece by piece. Memory is reused.
class ColumnBuffer {
 public:
  // `places`: where the rows go, in the order in which they are appended; empty: one after another.
  void start(Physical physical, std::size_t rows, std::span<const std::uint32_t> places = {});
  // After `start`, where places are given and all pieces hold values that fit the frame: they are
  // then held so, and only `write` and `codes_between` know them.
  void hold_narrow(const IntegerFrame& frame);
  // `column_bytes` as PieceStore gave them; `keeps` says whether they outlive the buffer's use.
  void append(const Piece& piece, std::string_view column_bytes, bool keeps,
              const ColumnConversion& conversion, ValueParser& values);

  std::size_t rows() const { return rows_; }
  Physical physical() const { return physical_; }
  bool any_value() const { return any_value_; }
  bool has_nulls() const { return has_nulls_; }
  bool is_null(std::size_t row) const {
    if (physical_ == Physical::kCode) return codes[row] == 0;
    return has_nulls_ && (validity[row / 64] >> (row % 64) & 1) == 0;
  }

  // All rows, where they are not held narrow.
  ColumnValues all_values();

  // What is known of a block's values, given its first row.
  using Predict = std::function<Prediction(std::size_t begin, const ColumnValues& values)>;

  // Writes all rows, block by block.
  Result<void> write(ColumnFileWriter& writer, const Predict& predict = nullptr);

  // Until asked for others.
  std::span<const std::uint32_t> codes_between(std::size_t begin, std::size_t count);

  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;

 private:
  ColumnValues values_between(std::size_t begin, std::size_t count);
  void widen(std::size_t begin, std::size_t count);
  std::size_t place_of(std::size_t row) const { return places_.empty() ? row : places_[row]; }
  void set_null(std::size_t row) {
    const std::size_t place = place_of(row);
    validity[place / 64] &= ~(std::uint64_t{1} << (place % 64));
    has_nulls_ = true;
  }
  void append_nulls(std::size_t count);
  void append_integers(const Piece& piece, std::string_view column_bytes);
  void append_cells(const ColumnCells& cells, std::size_t count);
  void append_converted(const ColumnCells& cells, std::size_t count,
                        const ColumnConversion& conversion, ValueParser& values);

  Physical physical_ = Physical::kInt64;
  std::span<const std::uint32_t> places_;
  std::size_t rows_ = 0;
  bool has_nulls_ = false;
  bool any_value_ = false;
  bool is_narrow_ = false;
  NarrowIntegers narrow_;
  PieceColumn piece_column_;
  ColumnCells converted_;
  TextArena texts_;
};

}  // namespace stave::loading
