// See text_rows.h.
#include "tools/output/text_rows.h"

#include <utility>

namespace stave {
namespace {

class TextRowSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    width_ = columns.size();
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      TextRow& cells = rows_.emplace_back();
      cells.reserve(width_);
      for (std::size_t column = 0; column < width_; ++column) {
        cells.push_back(text_cell(batch, row, column));
      }
    }
    return {};
  }
  Result<void> end() override { return {}; }
  std::vector<TextRow> take() { return std::move(rows_); }

 private:
  std::size_t width_ = 0;
  std::vector<TextRow> rows_;
};

}  // namespace

TextCell text_cell(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
  if (batch.is_null(row, column)) return std::nullopt;
  std::string text;
  batch.append_text(row, column, text);
  return text;
}

Result<std::vector<TextRow>> text_rows(const std::function<Result<void>(ResultSink&)>& run) {
  TextRowSink sink;
  if (auto ran = run(sink); !ran) return pass(ran);
  return sink.take();
}

}  // namespace stave
