// The rows of a chunk: which bytes are which field. Blank lines and comments are passed over, rows
// with too few or too many fields are set apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
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
  std::uint32_t rows_before = 0;        // good ones ...
  std::uint32_t empty_rows_before = 0;  // ... and those passed over as separators alone
  Span bytes;
};

// What makes a good row.
struct RowShape {
  std::uint32_t fields = 1;
  std::uint32_t spare = 0;    // that many empty cells may follow
  bool fill = false;          // fields may be missing, any number of empty cells may follow, and
                              // rows of separators alone are none
  bool keep_blank = false;    // a blank line is a row with one empty field
  std::string_view header;    // rows of these very bytes are none; empty: all are
  bool stray_quotes = false;  // quotes out of place are text where the row then has its fields
};

class RowFrame {
 public:
  // `text` is a run of complete rows; where its last line end is missing, `text[size]` counts as
  // one. Behind it come kTextPadding bytes, or room for one more row of separators if that is more.
  void find(const char* text, std::size_t size, const Dialect& dialect, const RowShape& shape);

  std::uint32_t rows() const { return static_cast<std::uint32_t>(rows_.size()); }
  std::uint64_t line_ends() const { return structure_.line_ends; }
  bool ascii() const { return structure_.ascii; }
  const std::vector<BadRow>& bad_rows() const { return bad_rows_; }
  // Rows that were passed over since they repeat the header ...
  std::uint32_t header_echoes() const { return header_echoes_; }
  // ... or are separators alone, where ragged rows are filled.
  std::uint32_t empty_rows() const { return empty_rows_; }
  const char* text() const { return text_; }
  // All of it, without line end.
  Span row(std::uint32_t row) const;

  struct Row {
    std::uint32_t begin = 0;  // offset of its first byte
    std::uint32_t first = 0;  // index of the position where its first field ends
  };
  // One field of every row, with quotes, without line end.
  class Column {
   public:
    Column(const RowFrame& frame, std::uint32_t field)
        : rows_(frame.rows_.data()),
          ends_(frame.structure_.positions.data() + field),
          gap_(frame.gap_),
          is_first_(field == 0) {}
    Span operator[](std::uint32_t row) const {
      const Row& at = rows_[row];
      const std::uint32_t* end = ends_ + at.first;
      return {is_first_ ? at.begin : end[-1] + gap_, *end};
    }

   private:
    const Row* rows_;
    const std::uint32_t* ends_;
    std::uint32_t gap_;
    bool is_first_;
  };
  Span field(std::uint32_t row, std::uint32_t field) const { return Column(*this, field)[row]; }

 private:
  // A row with more or fewer fields than asked for.
  struct OddRow {
    std::uint32_t row = 0;
    std::uint32_t end = 0;
  };
  void close_last_row(std::size_t size);
  bool take_even_rows(const Dialect& dialect);
  void take_rows(const Dialect& dialect);
  void take_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last, bool joins_returns);
  void take_odd_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last);
  void take_faulty_row(Span line, const FaultyRow& fault, const Dialect& dialect);
  bool take_stray_line(Span line, const Dialect& dialect);
  bool is_header(std::uint32_t row) const;
  bool is_empty(std::uint32_t row, std::string_view separator) const;
  void drop_header_echoes();
  void drop_empty_rows(std::string_view separator);
  void drop(const std::vector<std::uint32_t>& dropped);
  bool may_have(std::uint32_t count, std::uint32_t first) const;

  const char* text_ = nullptr;
  std::uint32_t gap_ = 1;       // bytes of a separator
  bool may_end_block_ = false;  // a line `\.` is no row, but ends a block of COPY
  RowShape shape_;
  std::uint32_t header_echoes_ = 0;
  std::uint32_t empty_rows_ = 0;
  Structure structure_;
  std::vector<FaultyRow> faults_;
  std::vector<Row> rows_;
  std::vector<OddRow> odd_rows_;
  std::vector<BadRow> bad_rows_;
};

}  // namespace stave::loading
