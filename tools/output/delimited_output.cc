// CSV and TSV: a text cell is quoted only where reading it back needs that; the empty string always
// is, since an unquoted empty cell is null.
#include "tools/output/delimited_output.h"

#include <utility>
#include <vector>

#include "tools/output/text_buffer.h"

namespace stave {
namespace {

bool needs_quotes(std::string_view text, char separator) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (c == separator || c == '"' || c == '\n' || c == '\r') return true;
  }
  // A reader that skips byte order marks must not take the first cell's for one.
  return text.substr(0, 3) == "\xEF\xBB\xBF";
}

void append_cell(std::string_view text, char separator, std::string& out) {
  if (!needs_quotes(text, separator)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

class DelimitedOutput : public Output {
 public:
  DelimitedOutput(char separator, TextSink write)
      : separator_(separator), buffer_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    std::string& out = buffer_.text();
    if (results_++ > 0) out += '\n';
    is_text_.clear();
    for (const ResultColumn& column : columns) {
      if (!is_text_.empty()) out += separator_;
      append_cell(column.name, separator_, out);
      is_text_.push_back(column.type.kind == TypeKind::kString ||
                         column.type.kind == TypeKind::kList);
    }
    out += '\n';
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    std::string& out = buffer_.text();
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      for (std::size_t column = 0; column < is_text_.size(); ++column) {
        if (column > 0) out += separator_;
        if (batch.is_null(row, column)) continue;
        if (is_text_[column]) {
          append_cell(batch.string_at(row, column), separator_, out);
        } else {
          batch.append_text(row, column, out);
        }
      }
      out += '\n';
      if (auto drained = buffer_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override { return buffer_.flush(); }

 private:
  char separator_;
  TextBuffer buffer_;
  std::vector<bool> is_text_;
  int results_ = 0;
};

}  // namespace

std::unique_ptr<Output> make_delimited_output(char separator, TextSink write) {
  return std::make_unique<DelimitedOutput>(separator, std::move(write));
}

}  // namespace stave
