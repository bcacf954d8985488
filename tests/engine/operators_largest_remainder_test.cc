// Splitting by largest remainder: exact, fair to the unit, and indifferent to size and sign.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "engine/operators/largest_remainder.h"

namespace stave {
namespace {

using testing::ElementsAre;

bool by_place(std::size_t left, std::size_t right) {
  return left < right;
}

std::vector<Int128> split(Int128 total, const std::vector<Int128>& weights) {
  const auto parts = split_by_largest_remainder(total, weights, by_place);
  return parts && *parts ? **parts : std::vector<Int128>();
}

TEST(LargestRemainder, EqualWeightsPreferTheFirst) {
  EXPECT_THAT(split(10000, {1, 1, 1}), ElementsAre(3334, 3333, 3333));
  EXPECT_THAT(split(5, {1, 1, 1, 1, 1, 1, 1}), ElementsAre(1, 1, 1, 1, 1, 0, 0));
  EXPECT_THAT(split(-5, {1, 1, 1}), ElementsAre(-2, -2, -1));
}

TEST(LargestRemainder, EqualRemaindersPreferTheLargerWeight) {
  EXPECT_THAT(split(2, {1, 3}), ElementsAre(0, 2));  // both have half a unit left over
  EXPECT_THAT(split(2, {3, 1}), ElementsAre(2, 0));
  EXPECT_THAT(split(300000, {1000000, 1000, 999, 1}), ElementsAre(299401, 300, 299, 0));
}

TEST(LargestRemainder, NothingToWeighByGivesNoParts) {
  const std::vector<Int128> zeros = {0, 0};
  const auto parts = split_by_largest_remainder(7, zeros, by_place);
  ASSERT_TRUE(parts);
  EXPECT_FALSE(*parts);
}

TEST(LargestRemainder, ZeroWeightsNeverGetAUnit) {
  EXPECT_THAT(split(5, {0, 1, 0, 1, 0}), ElementsAre(0, 3, 0, 2, 0));
}

TEST(LargestRemainder, HugeAmountsAndWeightsStayExact) {
  Int128 huge = 1;
  for (int digit = 0; digit < 37; ++digit) {
    huge *= 10;
  }
  EXPECT_THAT(split(huge + 1, {huge, huge}), ElementsAre(huge / 2 + 1, huge / 2));
  EXPECT_THAT(split(-huge, {huge, 3 * huge}), ElementsAre(-huge / 4, -huge / 4 * 3));
  const std::vector<Int128> too_heavy(20, huge * 9);
  const auto parts = split_by_largest_remainder(1, too_heavy, by_place);
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, ErrorCode::kOverflow);
}

TEST(LargestRemainder, AHundredThousandPartsSumToTheTotal) {
  std::mt19937_64 random(5);
  std::vector<Int128> weights(100000);
  for (Int128& weight : weights) {
    weight = static_cast<Int128>(random() % 1000000);
  }
  const Int128 total = 1234567890123456789;
  const auto parts = split(total, weights);
  EXPECT_TRUE(std::accumulate(parts.begin(), parts.end(), Int128{0}) == total);
}

// Amounts up to 10^15 minor units; who gets what does not depend on the order that the parts come
// in.
TEST(LargestRemainder, AHundredThousandRandomPoolsPayOutExactly) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t end) { return static_cast<std::size_t>(random() % end); };
  for (int pool = 0; pool < 100'000; ++pool) {
    Int128 total = static_cast<Int128>(below(1'000'000'000'000'001));
    for (std::size_t smaller = below(16); smaller > 0; --smaller) total /= 10;
    if (below(8) == 0) total = -total;
    std::vector<Int128> weights(1 + below(12));
    const std::uint64_t heaviest = pool % 3 == 0 ? 4 : 1'000'000'000'000;
    for (Int128& weight : weights) weight = static_cast<Int128>(below(heaviest));
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    std::vector<Int128> shuffled;
    for (const std::size_t place : order) shuffled.push_back(weights[place]);

    const auto parts = split(total, weights);
    const auto again = split_by_largest_remainder(
        total, shuffled,
        [&](std::size_t left, std::size_t right) { return order[left] < order[right]; });
    ASSERT_TRUE(again);
    const bool weighs = std::ranges::any_of(weights, [](Int128 weight) { return weight > 0; });
    ASSERT_EQ(!parts.empty(), weighs);
    ASSERT_EQ(again->has_value(), weighs);
    if (!weighs) continue;
    ASSERT_TRUE(std::accumulate(parts.begin(), parts.end(), Int128{0}) == total) << pool;
    for (std::size_t place = 0; place < order.size(); ++place) {
      ASSERT_TRUE((**again)[place] == parts[order[place]]) << pool;
    }
  }
}

RC_GTEST_PROP(LargestRemainder, PartsSumToTheTotalAndAreWithinAUnitOfTheirShare, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<unsigned>());
  const auto shift = *rc::gen::inRange(0, 60);
  const auto more = *rc::gen::inRange(0, 50);
  std::vector<Int128> weights(*rc::gen::inRange<std::size_t>(1, 40));
  Int128 sum = 0;
  for (Int128& weight : weights) {
    weight = static_cast<Int128>(random() >> shift) << more;
    sum += weight;
  }
  RC_PRE(sum > 0);
  const auto total = static_cast<Int128>(static_cast<std::int64_t>(random()) >> shift);
  const auto parts = split(total, weights);
  RC_ASSERT(std::accumulate(parts.begin(), parts.end(), Int128{0}) == total);
  for (std::size_t place = 0; place < weights.size(); ++place) {
    const long double share = static_cast<long double>(total) *
                              static_cast<long double>(weights[place]) /
                              static_cast<long double>(sum);
    RC_ASSERT(std::abs(static_cast<long double>(parts[place]) - share) < 1.01L);
    for (std::size_t other = 0; other < weights.size(); ++other) {
      if (total >= 0 && weights[other] > weights[place]) {
        RC_ASSERT(parts[other] >= parts[place]);
      }
    }
  }
  const auto mirrored = split(-total, weights);
  for (std::size_t place = 0; place < weights.size(); ++place) {
    RC_ASSERT(mirrored[place] == -parts[place]);
  }
}

}  // namespace
}  // namespace stave
