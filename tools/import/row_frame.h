// The rows of a chunk: which bytes are which field. Blank lines are passed over, rows with too few
// or too many fields are set apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/import/quoted_text.h"
#include "tools/import/structure.h"

namespace stave::loading {

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class RowFault : std::uint8_t { kTooFewFields, kTooManyFields, kBadQuotes };

struct BadRow {
  RowFault fault = RowFault::kTooFewFields;
  QuoteFault quote_fault = QuoteFault::kStrayQuote;  // of kBadQuotes ...
  std::uint32_t offset = 0;                          // ... and where
  std::uint32_t fields = 0;
  std::uint32_t rows_before = 0;  // good ones
  Span bytes;
};

class RowFrame {
 public:
  // `text` is a run of complete rows; where its last line end is missing, `text[size]` counts as
  // one. `keep_blank`: a blank line is a row with one empty field.
  void find(const char* text, std::size_t size, Dialect dialect, std::uint32_t fields,
            bool keep_blank);

  std::uint32_t rows() const { return static_cast<std::uint32_t>(rows_.size()); }
  std::uint64_t line_ends() const { return structure_.line_ends; }
  bool ascii() const { return structure_.ascii; }
  const std::vector<BadRow>& bad_rows() const { return bad_rows_; }
  const char* text() const { return text_; }
  Span row(std::uint32_t row) const {
    return {rows_[row].begin, structure_.positions[rows_[row].first + fields_ - 1]};
  }
  // With quotes, without line end.
  Span field(std::uint32_t row, std::uint32_t field) const {
    const Row& at = rows_[row];
    const std::uint32_t* ends = structure_.positions.data() + at.first;
    return {field == 0 ? at.begin : ends[field - 1] + 1, ends[field]};
  }

 private:
  struct Row {
    std::uint32_t begin = 0;  // offset of its first byte
    std::uint32_t first = 0;  // index of the position where its first field ends
  };
  void take_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last, bool keep_blank);

  const char* text_ = nullptr;
  std::uint32_t fields_ = 1;
  Structure structure_;
  std::vector<FaultyRow> faults_;
  std::vector<Row> rows_;
  std::vector<BadRow> bad_rows_;
};

}  // namespace stave::loading
