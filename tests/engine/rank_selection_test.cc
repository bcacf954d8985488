// The values at a rank and after it are those of the sorted values.
#include "engine/aggregate/rank_selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "engine/operators/ordered_bits.h"

namespace stave {
namespace {

TEST(RankSelection, IsThePlaceAmongTheSorted) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 4000; ++round) {
    std::vector<std::uint64_t> values(1 + random() % (round % 2 == 0 ? 60 : 700));
    const unsigned shift = static_cast<unsigned>(random() % 64);
    const std::uint64_t base = random();
    for (std::uint64_t& value : values) {
      value = round % 3 == 0 ? random() >> shift : base + (random() >> shift);
      if (round % 5 == 0 && random() % 3 == 0) value = base;
      if (round % 7 == 0 && random() % 9 == 0) value = random() % 2 == 0 ? 0 : ~std::uint64_t{0};
    }
    std::vector<std::uint64_t> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (const std::size_t rank :
         {std::size_t{0}, random() % values.size(), values.size() / 2, values.size() - 1}) {
      std::vector<std::uint64_t> work = values;
      const RankedValues ranked = select_rank(work, rank);
      ASSERT_EQ(ranked.value, sorted[rank]) << round;
      ASSERT_EQ(ranked.next, sorted[std::min(rank + 1, sorted.size() - 1)]) << round;
    }
  }
}

TEST(RankSelection, NumbersComeBackFromTheirOrderedBits) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {0.0, 1.5, -1.5, 5e-324, -5e-324, 1e308, infinity, -infinity}) {
    EXPECT_EQ(float64_of_ordered(ordered_bits(value)), value);
  }
  EXPECT_EQ(std::bit_cast<std::uint64_t>(float64_of_ordered(ordered_bits(-0.0))), 0u);
  EXPECT_TRUE(std::isnan(float64_of_ordered(ordered_bits(std::nan("")))));
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-7}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(integer_of_ordered(ordered_bits(value)), value);
  }
}

}  // namespace
}  // namespace stave
