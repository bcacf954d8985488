// Batches of the engine as the public interface shows them.
#pragma once

#include <vector>

#include "engine/vector.h"
#include "query/values/program_zone.h"
#include "stave/query.h"

namespace stave {

class BatchView : public ResultBatch {
 public:
  BatchView(const Batch& batch, const ProgramZone& zone) : batch_(batch), zone_(zone) {}

  // For those who take whole columns.
  const Batch& batch() const { return batch_; }

  std::uint32_t rows() const override { return batch_.rows; }
  bool is_null(std::uint32_t row, std::size_t column) const override;
  bool bool_at(std::uint32_t row, std::size_t column) const override;
  std::int64_t int64_at(std::uint32_t row, std::size_t column) const override;
  double float64_at(std::uint32_t row, std::size_t column) const override;
  std::string_view string_at(std::uint32_t row, std::size_t column) const override;
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t row,
                                                    std::size_t column) const override;
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override;

 private:
  const Vector* vector_at(std::uint32_t row, std::size_t column) const;

  const Batch& batch_;
  const ProgramZone& zone_;
};

// What `describe` answers: one row for each column, its name and type.
class ColumnsView : public ResultBatch {
 public:
  explicit ColumnsView(const std::vector<ResultColumn>& described);

  static std::vector<ResultColumn> columns();
  std::uint32_t rows() const override { return static_cast<std::uint32_t>(cells_.size()); }
  bool is_null(std::uint32_t, std::size_t) const override { return false; }
  bool bool_at(std::uint32_t, std::size_t) const override { return false; }
  std::int64_t int64_at(std::uint32_t, std::size_t) const override { return 0; }
  double float64_at(std::uint32_t, std::size_t) const override { return 0; }
  std::string_view string_at(std::uint32_t row, std::size_t column) const override;
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t, std::size_t) const override {
    return {0, 0};
  }
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override;

 private:
  std::vector<std::pair<std::string, std::string>> cells_;
};

}  // namespace stave
