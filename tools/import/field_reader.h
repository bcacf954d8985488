// Walks the cells of one column of a chunk: quotes taken off, escapes undone.
#pragma once

#include <cstdint>
#include <cstring>

#include "tools/import/cell_text.h"
#include "tools/import/row_frame.h"
#include "tools/import/text_arena.h"

namespace stave::loading {

class FieldReader {
 public:
  // All of them must outlive the reader.
  FieldReader(const RowFrame& frame, const Dialect& dialect, TextArena& arena)
      : frame_(frame),
        dialect_(dialect),
        arena_(arena),
        quote_(dialect.quote),
        usual_(dialect.has_masks() && dialect.has_quote()) {}

  CellText read(std::uint32_t row, std::uint32_t field) const {
    const Span span = frame_.field(row, field);
    CellText cell{frame_.text() + span.begin, frame_.text() + span.end, false};
    if (usual_) [[likely]] {
      if (cell.begin < cell.end && *cell.begin == quote_) {
        cell = {cell.begin + 1, cell.end - 1, true};
        undo_escapes(cell);
      }
    } else {
      cell = take_quotes_off(cell, dialect_);
      undo_escapes(cell);
    }
    return cell;
  }

 private:
  void undo_escapes(CellText& cell) const {
    if (!has_escapes(cell, dialect_)) return;
    char* out = arena_.allocate(cell.view().size());
    cell.end = unescape(cell, dialect_, out);
    cell.begin = out;
  }

  const RowFrame& frame_;
  const Dialect& dialect_;
  TextArena& arena_;
  char quote_;
  bool usual_;
};

}  // namespace stave::loading
