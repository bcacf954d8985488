// Rows of a segment that may pass a filter: what pruning leaves is a list of these, in order.
#pragma once

#include <cstdint>
#include <vector>

namespace stave {

struct RowSpan {
  std::uint32_t segment = 0;
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
};

// Behind the last one, which it makes longer where it follows it.
void append_span(std::vector<RowSpan>& spans, const RowSpan& span);

// The parts of the spans that lie in one block each.
std::vector<RowSpan> parts_by_block(const std::vector<RowSpan>& spans, std::uint32_t block_rows);

}  // namespace stave
