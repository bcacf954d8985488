// Column widths come from the first rows, which are held back; later rows are printed as they come,
// so a table of millions takes no more memory. Invariant: every row is printed or counted.
#include "tools/output/table_output.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "tools/output/display_width.h"
#include "tools/output/person_text.h"
#include "tools/output/text_buffer.h"

namespace stave {
namespace {

constexpr std::size_t kMeasuredRows = 10'000;
constexpr std::string_view kRule = "─";

class TableOutput : public Output {
 public:
  TableOutput(bool markdown, std::uint64_t max_rows, TextSink write)
      : markdown_(markdown), max_rows_(max_rows), buffer_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (results_++ > 0) buffer_.text() += '\n';
    columns_ = columns;
    widths_.clear();
    for (const ResultColumn& column : columns) widths_.push_back(display_width(column.name));
    held_.clear();
    header_printed_ = false;
    rows_ = 0;
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      ++rows_;
      if (max_rows_ != 0 && rows_ > max_rows_) continue;
      std::vector<std::string> cells;
      cells.reserve(columns_.size());
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        cells.push_back(cell_text(batch, row, column));
      }
      if (header_printed_) {
        append_row(cells);
      } else {
        hold(std::move(cells));
      }
      if (auto drained = buffer_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override {
    if (!header_printed_) print_held();
    append_count();
    return buffer_.flush();
  }

 private:
  std::string cell_text(const ResultBatch& batch, std::uint32_t row, std::size_t column) const {
    std::string text = person_text(batch, row, column, columns_[column].type);
    if (!markdown_) return text;
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
      text.insert(at, 1, '\\');
    }
    return text;
  }

  void hold(std::vector<std::string> cells) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      widths_[column] = std::max(widths_[column], display_width(cells[column]));
    }
    held_.push_back(std::move(cells));
    if (held_.size() == kMeasuredRows) print_held();
  }

  void print_held() {
    header_printed_ = true;
    std::vector<std::string> names;
    for (const ResultColumn& column : columns_) names.push_back(column.name);
    append_row(names);
    append_rule();
    for (const auto& cells : held_) append_row(cells);
    held_.clear();
  }

  void append_rule() {
    std::string& out = buffer_.text();
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (markdown_) {
        const bool right = is_number(columns_[column].type);
        out += column == 0 ? "| " : " | ";
        out.append(std::max<std::size_t>(widths_[column], 2) - (right ? 1 : 0), '-');
        if (right) out += ':';
      } else {
        if (column > 0) out += "  ";
        for (std::size_t at = 0; at < widths_[column]; ++at) out += kRule;
      }
    }
    out += markdown_ ? " |\n" : "\n";
  }

  void append_row(const std::vector<std::string>& cells) {
    std::string& out = buffer_.text();
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::size_t width = display_width(cells[column]);
      const std::size_t wanted = std::max<std::size_t>(widths_[column], markdown_ ? 2 : 0);
      const std::size_t padding = wanted > width ? wanted - width : 0;
      const bool right = is_number(columns_[column].type);
      const bool is_last = column + 1 == cells.size();
      if (markdown_) {
        out += column == 0 ? "| " : " | ";
      } else if (column > 0) {
        out += "  ";
      }
      if (right) out.append(padding, ' ');
      out += cells[column];
      if (!right && (markdown_ || !is_last)) out.append(padding, ' ');
    }
    out += markdown_ ? " |\n" : "\n";
  }

  void append_count() {
    std::string& out = buffer_.text();
    const bool cut = max_rows_ != 0 && rows_ > max_rows_;
    if (markdown_ && !cut) return;
    if (markdown_) out += '\n';
    if (cut) {
      out += "... " + grouped_digits(rows_ - max_rows_) + " more; ";
    }
    out += grouped_digits(rows_) + (rows_ == 1 ? " row" : " rows");
    out += cut ? " in all\n" : "\n";
  }

  bool markdown_;
  std::uint64_t max_rows_;
  TextBuffer buffer_;
  std::vector<ResultColumn> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> held_;
  bool header_printed_ = false;
  std::uint64_t rows_ = 0;
  int results_ = 0;
};

}  // namespace

std::unique_ptr<Output> make_table_output(bool markdown, std::uint64_t max_rows, TextSink write) {
  return std::make_unique<TableOutput>(markdown, max_rows, std::move(write));
}

}  // namespace stave
