// See the header.
#include "engine/scan/row_span.h"

#include <algorithm>

namespace stave {

void append_span(std::vector<RowSpan>& spans, const RowSpan& span) {
  if (!spans.empty() && spans.back().segment == span.segment &&
      spans.back().first_row + spans.back().rows == span.first_row) {
    spans.back().rows += span.rows;
  } else {
    spans.push_back(span);
  }
}

std::vector<RowSpan> parts_by_block(const std::vector<RowSpan>& spans, std::uint32_t block_rows) {
  std::vector<RowSpan> parts;
  for (const RowSpan& span : spans) {
    const std::uint32_t end = span.first_row + span.rows;
    for (std::uint32_t row = span.first_row; row < end;) {
      const std::uint32_t next = std::min(end, (row / block_rows + 1) * block_rows);
      parts.push_back({span.segment, row, next - row});
      row = next;
    }
  }
  return parts;
}

}  // namespace stave
