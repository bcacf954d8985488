// One object a row. Numbers keep every digit: readers that need more than a double can have it.
#include "tools/output/json_output.h"

#include <cmath>
#include <utility>
#include <vector>

#include "engine/runtime/json_text.h"
#include "tools/output/text_buffer.h"

namespace stave {
namespace {

class JsonOutput : public Output {
 public:
  JsonOutput(bool lines, TextSink write) : lines_(lines), buffer_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    kinds_.clear();
    names_.clear();
    for (const ResultColumn& column : columns) {
      kinds_.push_back(column.type.kind);
      std::string& name = names_.emplace_back();
      append_json_string(column.name, name);
      name += ':';
    }
    rows_ = 0;
    if (lines_ && results_ > 0) buffer_.text() += '\n';
    if (!lines_) buffer_.text() += '[';
    ++results_;
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    std::string& out = buffer_.text();
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      if (!lines_) out += rows_ == 0 ? "\n" : ",\n";
      ++rows_;
      out += '{';
      for (std::size_t column = 0; column < kinds_.size(); ++column) {
        if (column > 0) out += ',';
        out += names_[column];
        append_value(batch, row, column, out);
      }
      out += '}';
      if (lines_) out += '\n';
      if (auto drained = buffer_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override {
    if (!lines_) buffer_.text() += rows_ == 0 ? "]\n" : "\n]\n";
    return buffer_.flush();
  }

 private:
  void append_value(const ResultBatch& batch, std::uint32_t row, std::size_t column,
                    std::string& out) const {
    if (batch.is_null(row, column)) {
      out += "null";
      return;
    }
    switch (kinds_[column]) {
      case TypeKind::kString:
        append_json_string(batch.string_at(row, column), out);
        return;
      case TypeKind::kList:
        out += batch.string_at(row, column);
        return;
      case TypeKind::kDate:
      case TypeKind::kTimestamp:
        out += '"';
        batch.append_text(row, column, out);
        out += '"';
        return;
      case TypeKind::kFloat64:
        if (!std::isfinite(batch.float64_at(row, column))) {
          out += "null";
          return;
        }
        break;
      default:
        break;
    }
    batch.append_text(row, column, out);
  }

  bool lines_;
  TextBuffer buffer_;
  std::vector<TypeKind> kinds_;
  std::vector<std::string> names_;
  std::uint64_t rows_ = 0;
  int results_ = 0;
};

}  // namespace

std::unique_ptr<Output> make_json_output(bool lines, TextSink write) {
  return std::make_unique<JsonOutput>(lines, std::move(write));
}

}  // namespace stave
