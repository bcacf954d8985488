// Cells that are not simply the bytes between two separators.
#include "tools/import/field_reader.h"

#include <algorithm>

namespace stave::loading {

CellText FieldReader::read_carefully(CellText cell) const {
  cell = take_quotes_off(cell, dialect_);
  if (has_escapes(cell, dialect_)) {
    char* out = arena_.allocate(cell.view().size());
    cell.end = unescape(cell, dialect_, out);
    cell.begin = out;
  }
  if (!cell.quoted &&
      std::find(null_words_.begin(), null_words_.end(), cell.view()) != null_words_.end()) {
    cell.end = cell.begin;
  }
  return cell;
}

}  // namespace stave::loading
