// See answer.h.
#include "tools/dashboard/answer.h"

namespace stave {
namespace {

class AnswerSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    columns_ = columns.size();
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      AnswerRow& cells = rows_.emplace_back();
      for (std::size_t column = 0; column < columns_; ++column) {
        AnswerCell& cell = cells.emplace_back();
        if (batch.is_null(row, column)) continue;
        batch.append_text(row, column, cell.emplace());
      }
    }
    return {};
  }
  Result<void> end() override { return {}; }
  std::vector<AnswerRow> take() { return std::move(rows_); }

 private:
  std::size_t columns_ = 0;
  std::vector<AnswerRow> rows_;
};

}  // namespace

Result<std::vector<AnswerRow>> answer(const Store& store, const std::string& program,
                                      const QueryOptions& options) {
  AnswerSink sink;
  if (auto asked = query(store, program, options, sink); !asked) return pass(asked);
  return sink.take();
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace stave
