// Codes met are marked, a bit for each; see the header.
#include "engine/scan/repeated_rows.h"

#include <algorithm>

#include "engine/kernels/mark.h"

namespace stave {
namespace {

// To look for repeats is worth it where each code has so many rows in a segment.
constexpr std::uint64_t kRowsForEachCode = 4;

}  // namespace

std::optional<int> repeating_column(const std::vector<bool>& needs, std::size_t stored,
                                    const std::vector<ColumnShape>& shapes,
                                    const std::vector<RowSpan>& spans) {
  const auto end = needs.begin() + static_cast<std::ptrdiff_t>(stored);
  const auto column = std::find(needs.begin(), end, true);
  if (column == end || std::find(column + 1, end, true) != end) return std::nullopt;
  const auto number = static_cast<std::size_t>(column - needs.begin());
  const ColumnShape& shape = shapes[number];
  if (shape.representation != Representation::kCode || shape.dictionary == nullptr) {
    return std::nullopt;
  }
  std::uint64_t rows = 0;
  std::uint64_t segments = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    rows += spans[i].rows;
    segments += i == 0 || spans[i].segment != spans[i - 1].segment ? 1U : 0U;
  }
  if (rows < segments * shape.dictionary->size() * kRowsForEachCode) return std::nullopt;
  return static_cast<int>(number);
}

void MetCodes::mark(std::uint32_t segment, std::uint32_t count, const std::uint32_t* codes,
                    std::uint32_t rows, std::uint64_t* is_fresh) {
  if (segment_ != segment) bits_.assign(std::size_t{count} / 32 + 1, 0);
  segment_ = segment;
  kernels::mark_rows(bits_.data(), codes, rows, is_fresh);
}

}  // namespace stave
