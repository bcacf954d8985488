// Entropies, since the codecs come near them; exceptions are counted as packed.
#include "tools/import/prediction_cost.h"

#include <algorithm>
#include <cmath>

namespace stave::loading {
namespace {

struct Shape {
  double entropy = 0;  // bits of a value
  double width = 0;    // bits of a value that is packed
};

Shape shape_of(KeyValues values) {
  std::vector<std::int64_t> sorted;
  sorted.reserve(values.size());
  for (const auto& [key, value] : values) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  Shape shape;
  std::size_t distinct = 0;
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end, ++distinct) {
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    const double share = static_cast<double>(end - begin) / static_cast<double>(sorted.size());
    shape.entropy -= share * std::log2(share);
  }
  shape.width = std::ceil(std::log2(static_cast<double>(std::max<std::size_t>(distinct, 2))));
  return shape;
}

// Which rows are exceptions, and what they hold.
double bits_of_misses(double misses, double rows, double width) {
  if (misses == 0) return 0;
  const double share = misses / rows;
  const double positions =
      share >= 1 ? 1 : -share * std::log2(share) - (1 - share) * std::log2(1 - share);
  return rows * std::min(1.0, positions) + misses * width;
}

}  // namespace

double bits_unpredicted(KeyValues values) {
  return shape_of(values).entropy * static_cast<double>(values.size());
}

double bits_newly_predicted(KeyValues values) {
  std::size_t keys = 0;
  std::size_t hits = 0;
  for (std::size_t begin = 0, end = 0; begin < values.size(); begin = end, ++keys) {
    std::size_t most = 0;
    while (end < values.size() && values[end].first == values[begin].first) {
      std::size_t same = end;
      while (same < values.size() && values[same] == values[end]) ++same;
      most = std::max(most, same - end);
      end = same;
    }
    hits += most;
  }
  const double width = shape_of(values).width;
  const auto rows = static_cast<double>(values.size());
  return bits_of_misses(rows - static_cast<double>(hits), rows, width) +
         static_cast<double>(keys) * width;
}

double bits_predicted(KeyValues values, const Predictor& predictor) {
  std::size_t misses = 0;
  for (const auto& [key, value] : values) {
    std::int64_t guess = 0;
    predictor.guess(std::span(&key, 1), std::span(&guess, 1));
    misses += guess == value ? 0 : 1;
  }
  return bits_of_misses(static_cast<double>(misses), static_cast<double>(values.size()),
                        shape_of(values).width);
}

double bits_ranked(std::uint64_t count, std::uint64_t rank) {
  return static_cast<double>(count) * (std::log2(static_cast<double>(rank) + 1) + 1.5);
}

}  // namespace stave::loading
