// Sorting in parallel: pieces are sorted on their own, then merged two by two.
// Invariant: where `less` orders all elements totally, the result does not depend on the pieces.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include "engine/context.h"
#include "stave/result.h"

namespace stave {

// `sort_piece(begin, end)` sorts one piece by `less`.
template <typename T, typename SortPiece, typename Less>
Result<void> parallel_sort(std::vector<T>& values, const SortPiece& sort_piece, const Less& less,
                           ExecutionContext& context) {
  constexpr std::size_t kSmallestPiece = std::size_t{1} << 15;
  const std::size_t wanted = std::bit_ceil(static_cast<std::size_t>(context.threads()));
  std::size_t pieces = std::min(wanted, std::bit_ceil(values.size() / kSmallestPiece + 1));
  const auto border = [&](std::size_t piece) {
    return static_cast<std::ptrdiff_t>(values.size() * piece / pieces);
  };
  auto sorted = context.parallel_for(pieces, [&](std::size_t piece, int) -> Result<void> {
    sort_piece(values.begin() + border(piece), values.begin() + border(piece + 1));
    return {};
  });
  if (!sorted || pieces == 1) {
    return sorted;
  }
  std::vector<T> merged(values.size());
  for (; pieces > 1; pieces /= 2) {
    sorted = context.parallel_for(pieces / 2, [&](std::size_t pair, int) -> Result<void> {
      const std::ptrdiff_t first = border(2 * pair);
      const std::ptrdiff_t middle = border(2 * pair + 1);
      const std::ptrdiff_t last = border(2 * pair + 2);
      std::merge(values.begin() + first, values.begin() + middle, values.begin() + middle,
                 values.begin() + last, merged.begin() + first, less);
      return {};
    });
    if (!sorted) {
      return sorted;
    }
    values.swap(merged);
  }
  return {};
}

template <typename T, typename Less>
Result<void> parallel_sort(std::vector<T>& values, const Less& less, ExecutionContext& context) {
  return parallel_sort(
      values, [&](auto begin, auto end) { std::sort(begin, end, less); }, less, context);
}

}  // namespace stave
