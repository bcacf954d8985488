// Cells joined by commas; empty strings as `""`, nulls as nothing.
#include "tests/query/support/text_sink.h"

namespace stave::testing {

Result<void> TextSink::begin(const std::vector<ResultColumn>& columns) {
  columns_ = columns;
  std::string header;
  for (const ResultColumn& column : columns) header += (header.empty() ? "" : ",") + column.name;
  results_.push_back(std::move(header));
  return {};
}

Result<void> TextSink::batch(const ResultBatch& batch) {
  std::string& out = results_.back();
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    out += '\n';
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (column > 0) out += ',';
      const std::size_t before = out.size();
      batch.append_text(row, column, out);
      if (out.size() == before && !batch.is_null(row, column)) out += "\"\"";
    }
  }
  return {};
}

}  // namespace stave::testing
