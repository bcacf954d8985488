// CSV and TSV: a text cell is quoted only where reading it back needs that; the empty string always
// is, since an unquoted empty cell is null.
#include "tools/output/delimited_output.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "storage/guarded.h"
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

// How a column's cells are written.
enum class CellForm : std::uint8_t {
  kText,
  kTime,   // dates and timestamps
  kOther,  // what is as short to write as to compare
};

CellForm form_of(Type type) {
  switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kList:
      return CellForm::kText;
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      return CellForm::kTime;
    default:
      return CellForm::kOther;
  }
}

// Writes the cells of one column. Results are mostly sorted, so a cell often is the one above it,
// whose text is copied then.
class CellWriter {
 public:
  CellWriter(std::size_t column, CellForm form, char separator)
      : column_(column), form_(form), separator_(separator) {}

  void append(const ResultBatch& batch, std::uint32_t row, std::string& out) {
    const std::size_t from = out.size();
    switch (form_) {
      case CellForm::kText: {
        const std::string_view text = batch.string_at(row, column_);
        if (text.empty() && batch.is_null(row, column_)) return;
        if (size_ > 0 && text.data() == text_.data() && text.size() == text_.size()) {
          out.append(out, from_, size_);
          return;
        }
        append_cell(text, separator_, out);
        text_ = text;
        break;
      }
      case CellForm::kTime: {
        const std::int64_t time = batch.int64_at(row, column_);
        // Null is 0 as well.
        if (size_ > 0 && time == time_ && time != 0) {
          out.append(out, from_, size_);
          return;
        }
        batch.append_text(row, column_, out);
        time_ = time;
        break;
      }
      case CellForm::kOther:
        batch.append_text(row, column_, out);
        return;
    }
    from_ = from;
    size_ = out.size() - from;
  }

 private:
  std::size_t column_;
  CellForm form_;
  char separator_;
  std::string_view text_;
  std::int64_t time_ = 0;
  std::size_t from_ = 0;  // of the cell written last
  std::size_t size_ = 0;  // 0: there is none
};

class DelimitedOutput : public Output {
 public:
  DelimitedOutput(char separator, int threads, TextSink write)
      : separator_(separator),
        threads_(threads > 0 ? threads
                             : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
        buffer_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    std::string& out = buffer_.text();
    if (results_++ > 0) out += '\n';
    forms_.clear();
    for (const ResultColumn& column : columns) {
      if (!forms_.empty()) out += separator_;
      append_cell(column.name, separator_, out);
      forms_.push_back(form_of(column.type));
    }
    out += '\n';
    return {};
  }

  // The rows are cut into as many parts as there are threads, and their texts are put together in
  // order.
  Result<void> batch(const ResultBatch& batch) override {
    const std::uint32_t most = batch.rows() / kRowsForThread;
    const std::uint32_t parts = std::clamp(most, 1U, static_cast<std::uint32_t>(threads_));
    if (parts == 1) {
      append_rows(batch, 0, batch.rows(), buffer_.text());
      return buffer_.drain();
    }
    texts_.resize(parts - 1);
    std::vector<Result<void>> written(parts - 1);
    std::vector<std::thread> writers;
    const auto first_of = [&](std::uint32_t part) {
      return static_cast<std::uint32_t>(std::uint64_t{batch.rows()} * part / parts);
    };
    const auto write_part = [&](std::uint32_t part) {
      written[part - 1] = guarded("rows were written", [&]() -> Result<void> {
        texts_[part - 1].clear();
        append_rows(batch, first_of(part), first_of(part + 1), texts_[part - 1]);
        return {};
      });
    };
    for (std::uint32_t part = 1; part < parts; ++part) {
      try {
        writers.emplace_back(write_part, part);
      } catch (const std::exception&) {
        write_part(part);  // no thread to be had: then here
      }
    }
    auto own = guarded("rows were written", [&]() -> Result<void> {
      append_rows(batch, 0, first_of(1), buffer_.text());
      return {};
    });
    for (std::thread& writer : writers) writer.join();
    if (!own) return own;
    for (std::uint32_t part = 1; part < parts; ++part) {
      if (!written[part - 1]) return written[part - 1];
      buffer_.text() += texts_[part - 1];
    }
    return buffer_.drain();
  }

  Result<void> end() override { return buffer_.flush(); }

 private:
  // Starting a thread takes as long as writing some hundred rows.
  static constexpr std::uint32_t kRowsForThread = 4096;

  void append_rows(const ResultBatch& batch, std::uint32_t first, std::uint32_t end,
                   std::string& out) const {
    std::vector<CellWriter> cells;
    for (std::size_t column = 0; column < forms_.size(); ++column) {
      cells.emplace_back(column, forms_[column], separator_);
    }
    for (std::uint32_t row = first; row < end; ++row) {
      for (std::size_t column = 0; column < cells.size(); ++column) {
        if (column > 0) out += separator_;
        cells[column].append(batch, row, out);
      }
      out += '\n';
    }
  }

  char separator_;
  int threads_;
  TextBuffer buffer_;
  std::vector<CellForm> forms_;
  std::vector<std::string> texts_;  // of the parts after the first
  int results_ = 0;
};

}  // namespace

std::unique_ptr<Output> make_delimited_output(char separator, int threads, TextSink write) {
  return std::make_unique<DelimitedOutput>(separator, threads, std::move(write));
}

}  // namespace stave
