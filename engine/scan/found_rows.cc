// See the header.
#include "engine/scan/found_rows.h"

#include <algorithm>
#include <tuple>

#include "engine/kernels/bitmap.h"

namespace stave {

void FoundRows::add(const RowSpan& part, const std::vector<std::uint32_t>& rows) {
  const std::size_t begin = rows_.size();
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  parts_.push_back({part, begin, rows_.size()});
}

bool FoundRows::mark(const Morsel& morsel, std::uint64_t* bits) const {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), morsel,
                                      [](const Morsel& wanted, const Part& part) {
                                        return std::tie(wanted.segment, wanted.first_row) <
                                               std::tie(part.span.segment, part.span.first_row);
                                      });
  if (after == parts_.begin()) return false;
  const Part& part = *(after - 1);
  const std::uint32_t first = morsel.first_row - part.span.first_row;
  if (part.span.segment != morsel.segment || first + morsel.rows > part.span.rows) return false;
  std::fill_n(bits, words_for(morsel.rows), std::uint64_t{0});
  for (std::size_t i = part.begin; i < part.end; ++i) {
    if (rows_[i] >= first && rows_[i] - first < morsel.rows) set_bit(bits, rows_[i] - first);
  }
  return true;
}

}  // namespace stave
