// What the files of a table say of a column before its blocks are read: see table_source.h.
// Invariant: only rows of the spans count, and block directories are taken at their word: who reads
// the values tests them.
#include <algorithm>
#include <utility>

#include "engine/scan/table_source.h"

namespace stave {

Result<ColumnShape> TableSource::shape(int column, const std::vector<RowSpan>& spans) const {
  const Column& wanted = columns_[static_cast<std::size_t>(column)];
  ColumnShape shape;
  shape.type = wanted.type;
  shape.representation = wanted.representation;
  shape.dictionary = wanted.dictionary;
  shape.may_be_null = false;
  const auto widen = [&](std::int64_t low, std::int64_t high) {
    shape.range = shape.range ? std::pair(std::min(shape.range->first, low),
                                          std::max(shape.range->second, high))
                              : std::pair(low, high);
  };
  bool ranges = wanted.physical == Physical::kInt64;
  for (const RowSpan& span : spans) {
    if (wanted.position == kDayColumn) {
      const std::int32_t day = is_partitioned_ ? segments_[span.segment]->day : kNoDay;
      if (day == kNoDay) {
        shape.may_be_null = true;
      } else {
        widen(day, day);
      }
      continue;
    }
    Result<const ColumnFileReader*> opened = file(span.segment, column);
    if (!opened) return pass(opened);
    if (*opened == nullptr || (*opened)->rows() < std::uint64_t{span.first_row} + span.rows) {
      shape.may_be_null = true;
    }
    if (*opened == nullptr) continue;
    const std::vector<BlockSummary>& blocks = (*opened)->blocks();
    const std::size_t last = (span.first_row + span.rows - 1) / kBlockRows;
    for (std::size_t block = span.first_row / kBlockRows; block <= last && block < blocks.size();
         ++block) {
      const BlockSummary& summary = blocks[block];
      shape.may_be_null |= summary.nulls > 0;
      if (summary.nulls == summary.rows) continue;
      ranges = ranges && summary.has_range;
      if (ranges) widen(summary.min, summary.max);
    }
  }
  if (!ranges || shape.representation != Representation::kInt64) shape.range.reset();
  return shape;
}

}  // namespace stave
