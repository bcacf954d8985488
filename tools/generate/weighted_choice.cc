// The alias table: every cell keeps its own item below a threshold and lends the rest to one other.
#include "tools/generate/weighted_choice.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "storage/int128.h"

namespace stave::generator {
namespace {

constexpr std::uint64_t kUnit = std::uint64_t{1} << 30;  // weight of 1 / 1

std::vector<std::uint32_t> shuffled_ranks(std::uint32_t count, Random& random) {
  std::vector<std::uint32_t> ranks(count);
  std::iota(ranks.begin(), ranks.end(), 0U);
  for (std::uint32_t i = count; i > 1; --i) {
    std::swap(ranks[i - 1], ranks[random.below(i)]);
  }
  return ranks;
}

// The largest integer whose square is at most `value`, bit by bit from the top.
std::uint64_t integer_square_root(UInt128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  const int width = static_cast<int>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
  UInt128 root = 0;
  for (int bit = (width + 1) / 2 - 1; bit >= 0; --bit) {
    const UInt128 candidate = root | (UInt128{1} << bit);
    if (candidate * candidate <= value) {
      root = candidate;
    }
  }
  return static_cast<std::uint64_t>(root);
}

}  // namespace

WeightedChoice::WeightedChoice(const std::vector<std::uint32_t>& weights) : cells_(weights.size()) {
  const auto total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  const std::uint64_t count = weights.size();
  // A cell of average weight is full; weights are kept times `count` so that this is exact.
  std::vector<UInt128> left(count);
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::uint32_t i = 0; i < count; ++i) {
    left[i] = static_cast<UInt128>(weights[i]) * count;
    (left[i] < total ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back();
    const std::uint32_t rich = large.back();
    small.pop_back();
    cells_[poor] = {static_cast<std::uint32_t>((left[poor] << 32) / total), rich};
    left[rich] -= total - left[poor];
    if (left[rich] < total) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  for (const auto* rest : {&small, &large}) {
    for (const std::uint32_t item : *rest) {
      cells_[item] = {0, item};
    }
  }
}

std::vector<std::uint32_t> zipf_weights(std::uint32_t count, std::uint32_t offset, Random random,
                                        std::vector<std::uint32_t>* ranks) {
  auto weights = shuffled_ranks(count, random);
  if (ranks != nullptr) {
    *ranks = weights;
  }
  for (auto& weight : weights) {
    weight = static_cast<std::uint32_t>(
        std::max<std::uint64_t>(1, kUnit / (std::uint64_t{weight} + offset + 1)));
  }
  return weights;
}

std::vector<std::uint32_t> flatter_zipf_weights(std::uint32_t count, std::uint32_t offset,
                                                Random random) {
  auto weights = shuffled_ranks(count, random);
  for (auto& weight : weights) {
    // x^0.75 is the square root of the square root of x^3; 28 bits under both leave 7.
    const UInt128 x = UInt128{weight} + offset + 1;
    const std::uint64_t power = integer_square_root(integer_square_root((x * x * x) << 28));
    weight = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, (kUnit << 7) / power));
  }
  return weights;
}

}  // namespace stave::generator
