// Walks the cells of one column of a chunk: quotes taken off, doubled quotes undoubled.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "tools/import/row_frame.h"
#include "tools/import/text_arena.h"

namespace stave::loading {

// A cell's text. It is null where it is empty and stood without quotes.
struct CellText {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool quoted = false;

  bool empty() const { return begin == end; }
  bool is_null() const { return begin == end && !quoted; }
  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

class FieldReader {
 public:
  FieldReader(const RowFrame& frame, char quote, TextArena& arena)
      : frame_(frame), quote_(quote), arena_(arena) {}

  CellText read(std::uint32_t row, std::uint32_t field) const {
    const Span span = frame_.field(row, field);
    CellText cell{frame_.text() + span.begin, frame_.text() + span.end, false};
    if (cell.begin < cell.end && *cell.begin == quote_) unquote(cell);
    return cell;
  }

 private:
  void unquote(CellText& cell) const {
    cell.quoted = true;
    ++cell.begin;
    --cell.end;
    const auto size = static_cast<std::size_t>(cell.end - cell.begin);
    if (size == 0 || std::memchr(cell.begin, quote_, size) == nullptr) return;
    char* out = arena_.allocate(size);
    char* to = out;
    for (const char* at = cell.begin; at < cell.end; ++at) {
      *to++ = *at;
      if (*at == quote_) ++at;
    }
    cell.begin = out;
    cell.end = to;
  }

  const RowFrame& frame_;
  char quote_;
  TextArena& arena_;
};

}  // namespace stave::loading
