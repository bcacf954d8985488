// A small result made by a command itself, printed by the same writers as query results.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "stave/query.h"

namespace stave::cli {

// Null, a string, an integer, a truth value or a number with a fraction, as the column's type says.
using Cell = std::variant<std::monostate, std::string, std::int64_t, bool, double>;

class Rows : public ResultBatch {
 public:
  explicit Rows(std::vector<ResultColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void add(std::vector<Cell> cells) { cells_.push_back(std::move(cells)); }
  Result<void> print(ResultSink& sink) const;

  std::uint32_t rows() const override { return static_cast<std::uint32_t>(cells_.size()); }
  bool is_null(std::uint32_t row, std::size_t column) const override;
  bool bool_at(std::uint32_t row, std::size_t column) const override;
  std::int64_t int64_at(std::uint32_t row, std::size_t column) const override;
  double float64_at(std::uint32_t row, std::size_t column) const override;
  std::string_view string_at(std::uint32_t row, std::size_t column) const override;
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t row,
                                                    std::size_t column) const override;
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override;

 private:
  template <typename T>
  const T* find(std::uint32_t row, std::size_t column) const {
    return std::get_if<T>(&cells_[row][column]);
  }

  std::vector<ResultColumn> columns_;
  std::vector<std::vector<Cell>> cells_;
};

// An integer cell; null for nothing would be a lie, so 0 stays 0.
inline Cell number_cell(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
// What `part` is of `whole`, times `scale`, to three digits after the point; null where there is no
// whole.
Cell share_cell(std::uint64_t part, std::uint64_t whole, std::uint64_t scale);
// Null where there is no text.
inline Cell text_or_null(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}

}  // namespace stave::cli
