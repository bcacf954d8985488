// Walks the cells of one column of a chunk: quotes taken off, escapes undone, words that mean null
// made empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/cell_batch.h"
#include "tools/import/cell_text.h"
#include "tools/import/row_frame.h"
#include "tools/import/text_arena.h"

namespace stave::loading {

class FieldReader {
 public:
  // All of them must outlive the reader. `null_words`: what unquoted cells are null by, beside
  // the empty one.
  FieldReader(const RowFrame& frame, const Dialect& dialect,
              const std::vector<std::string>& null_words, TextArena& arena)
      : frame_(frame),
        dialect_(dialect),
        null_words_(null_words),
        arena_(arena),
        usual_(dialect.has_masks() && dialect.has_quote() && null_words.empty()) {}

  // One column of cells: what is needed for each of them, side by side.
  class Cells {
   public:
    Cells(const FieldReader& reader, std::uint32_t field)
        : reader_(reader),
          column_(reader.frame_, field),
          text_(reader.frame_.text()),
          quote_(reader.dialect_.quote),
          usual_(reader.usual_) {}

    CellText operator[](std::uint32_t row) const {
      const Span span = column_[row];
      const char* begin = text_ + span.begin;
      const char* end = text_ + span.end;
      bool quoted = false;
      // Of an empty cell the first byte is that behind it, which is no quote.
      if (!usual_ || *begin == quote_) [[unlikely]] {
        // Its parts one by one: so the usual cell stays in registers.
        const CellText careful = reader_.read_carefully(row, {begin, end, false});
        begin = careful.begin;
        end = careful.end;
        quoted = careful.quoted;
      }
      return {begin, end, quoted};
    }

   private:
    const FieldReader& reader_;
    RowFrame::Column column_;
    const char* text_;
    char quote_;
    bool usual_;
  };

  // Whether most cells are what stands between the separators, or between quotes next to them.
  bool is_usual() const { return usual_; }
  // The first bytes of cells, for those who read many at once: where `is_usual`. Cells of which
  // they can make nothing may be other than `Cells` gives.
  void take_words(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
                  CellBatch& batch) const;
  // Those of times too.
  void take_long_words(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
                       CellBatch& batch) const;

 private:
  CellText read_carefully(std::uint32_t row, CellText cell) const;
  bool is_null_word(std::string_view cell) const;
  template <bool kLong>
  void take(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
            CellBatch& batch) const;

  const RowFrame& frame_;
  const Dialect& dialect_;
  const std::vector<std::string>& null_words_;
  TextArena& arena_;
  bool usual_;
};

}  // namespace stave::loading
