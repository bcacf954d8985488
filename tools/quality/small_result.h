// The rows of a small result as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "stave/query.h"

namespace stave::quality {

class SmallResult : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    columns_ = columns;
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      auto& cells = rows_.emplace_back(columns_.size());
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!batch.is_null(row, i)) batch.append_text(row, i, cells[i].emplace());
      }
    }
    return {};
  }
  Result<void> end() override { return {}; }

  std::size_t rows() const { return rows_.size(); }
  // Nothing for null.
  const std::optional<std::string>& cell(std::size_t row, std::size_t column) const {
    return rows_[row][column];
  }
  // "likes=-3, user_id=7".
  std::string row_text(std::size_t row) const {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text += (i == 0 ? "" : ", ") + columns_[i].name + "=" + cell(row, i).value_or("null");
    }
    return text;
  }

 private:
  std::vector<ResultColumn> columns_;
  std::vector<std::vector<std::optional<std::string>>> rows_;
};

}  // namespace stave::quality
