// Walks the cells of one column of a chunk: quotes taken off, escapes undone, words that mean null
// made empty.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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
        quote_(dialect.quote),
        usual_(dialect.has_masks() && dialect.has_quote() && null_words.empty()) {}

  CellText read(std::uint32_t row, std::uint32_t field) const {
    const Span span = frame_.field(row, field);
    const CellText cell{frame_.text() + span.begin, frame_.text() + span.end, false};
    // Of an empty cell the first byte is that behind it, which is no quote.
    if (usual_ && *cell.begin != quote_) [[likely]] {
      return cell;
    }
    return read_carefully(cell);
  }

 private:
  CellText read_carefully(CellText cell) const;

  const RowFrame& frame_;
  const Dialect& dialect_;
  const std::vector<std::string>& null_words_;
  TextArena& arena_;
  char quote_;
  bool usual_;
};

}  // namespace stave::loading
