// Cells that are not simply the bytes between two separators.
#include "tools/import/field_reader.h"

#include <algorithm>
#include <cstring>

namespace stave::loading {

bool FieldReader::is_null_word(std::string_view cell) const {
  return std::find(null_words_.begin(), null_words_.end(), cell) != null_words_.end();
}

CellText FieldReader::read_carefully(std::uint32_t row, CellText cell) const {
  cell = take_quotes_off(cell, dialect_);
  if (!cell.quoted && is_null_word(cell.view())) return {cell.begin, cell.begin, false};
  // Who writes null as \N means the empty text by nothing, but not where a short row lacks a cell.
  if (dialect_.escape == QuoteEscape::kLetters && cell.empty()) {
    cell.quoted = cell.begin <= frame_.text() + frame_.row(row).end;
  }
  if (!has_escapes(cell, dialect_)) return cell;
  char* out = arena_.allocate(cell.view().size());
  cell.end = unescape(cell, dialect_, out);
  cell.begin = out;
  // Words with a backslash count as they are written: where it escapes, `\\N` is the text `\N`.
  const bool is_null =
      !cell.quoted && cell.view().find('\\') == std::string_view::npos && is_null_word(cell.view());
  return is_null ? CellText{cell.begin, cell.begin, false} : cell;
}

template <bool kLong>
void FieldReader::take(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
                       CellBatch& batch) const {
  const RowFrame::Column column(frame_, field);
  const char* const text = frame_.text();
  const char quote = dialect_.quote;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Span span = column[first_row + i];
    const char* begin = text + span.begin;
    std::uint32_t size = span.end - span.begin;
    if (*begin == quote && size >= 2 && begin[size - 1] == quote) {
      ++begin;
      size -= 2;
    }
    batch.sizes[i] = size;
    std::memcpy(&batch.first[i], begin, sizeof(std::uint64_t));
    if constexpr (kLong) {
      std::memcpy(&batch.second[i], begin + 8, sizeof(std::uint64_t));
      std::memcpy(&batch.clock[i], begin + 11, sizeof(std::uint64_t));
    }
  }
}

void FieldReader::take_words(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
                             CellBatch& batch) const {
  take<false>(field, first_row, count, batch);
}

void FieldReader::take_long_words(std::uint32_t field, std::uint32_t first_row, std::uint32_t count,
                                  CellBatch& batch) const {
  take<true>(field, first_row, count, batch);
}

}  // namespace stave::loading
