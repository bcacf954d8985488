// Exact sums against long integers and against cases known to break ordinary summation.
#include "engine/aggregate/exact_sum.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "engine/aggregate/rounding.h"
#include "engine/evaluate/decimal_math.h"

namespace stave {
namespace {

double exact_sum(const std::vector<double>& values, std::uint64_t divisor = 1) {
  ExactSums sums;
  sums.resize(1);
  for (const double value : values) sums.add(0, value);
  const double sum = sums.divided_by(0, divisor).value();
  // What adds many in a row gives the same, beside another group.
  ExactSums together;
  together.resize(2);
  ExactSums::Adder adder(together);
  for (const double value : values) {
    adder.add(1, value);
    adder.add(0, -value);
  }
  const double again = together.divided_by(1, divisor).value();
  EXPECT_EQ(std::bit_cast<std::uint64_t>(again), std::bit_cast<std::uint64_t>(sum));
  const double negated = together.divided_by(0, divisor).value();
  EXPECT_TRUE(negated == -sum || std::isnan(sum));
  ExactSums rows;
  rows.resize(3);
  ExactSums::Adder by_row(rows);
  const std::vector<std::uint32_t> groups(values.size(), 1);
  by_row.add_rows(groups.data(), values);
  by_row.add_all(2, values);
  for (const std::size_t group : {std::size_t{1}, std::size_t{2}}) {
    const double of_rows = rows.divided_by(group, divisor).value();
    EXPECT_TRUE(of_rows == sum || std::isnan(sum));
  }
  return sum;
}

TEST(ExactSum, KeepsWhatCancellationLeaves) {
  EXPECT_EQ(exact_sum({1e308, 1e-308, -1e308}), 1e-308);
  EXPECT_EQ(exact_sum({1e16, 1.0, -1e16}), 1.0);
  EXPECT_EQ(exact_sum({0.1, 0.2, -0.3}), 2.7755575615628914e-17);
  EXPECT_EQ(exact_sum({5e-324, 1e308, -1e308}), 5e-324);
  EXPECT_EQ(exact_sum({}), 0.0);
  EXPECT_EQ(exact_sum({-0.0, 0.0}), 0.0);
}

TEST(ExactSum, RoundsHalfToEven) {
  EXPECT_EQ(exact_sum({9007199254740992.0, 1.0}), 9007199254740992.0);
  EXPECT_EQ(exact_sum({9007199254740992.0, 1.0, 1e-300}), 9007199254740994.0);
  EXPECT_EQ(exact_sum({9007199254740994.0, 1.0}), 9007199254740996.0);
  EXPECT_EQ(exact_sum({-9007199254740992.0, -1.0, -1e-300}), -9007199254740994.0);
}

TEST(ExactSum, AveragesBeyondTheRangeOfSums) {
  EXPECT_EQ(exact_sum({1.7e308, 1.7e308}, 2), 1.7e308);
  EXPECT_EQ(exact_sum({1.0, 1.0, 0.0}, 3), 2.0 / 3.0);
  EXPECT_EQ(exact_sum({5e-324}, 2), 0.0);
  EXPECT_EQ(exact_sum({5e-324, 1e-323}, 2), 1e-323);  // 1.5 units round to the even 2
  ExactSums sums;
  sums.resize(1);
  sums.add(0, 1.7e308);
  sums.add(0, 1.7e308);
  EXPECT_EQ(sums.divided_by(0, 1).error().code, ErrorCode::kOverflow);
}

TEST(ExactSum, SpecialValues) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(exact_sum({infinity, 1.0}), infinity);
  EXPECT_EQ(exact_sum({-infinity, 1e308}), -infinity);
  EXPECT_TRUE(std::isnan(exact_sum({infinity, -infinity})));
  EXPECT_TRUE(std::isnan(exact_sum({std::nan(""), 1.0})));
}

// Multiples of 2^-40 up to 2^50 in magnitude: the exact sum is an Int128.
RC_GTEST_PROP(ExactSum, EqualsTheSumOfIntegers, (std::vector<std::int64_t> units, bool spread)) {
  std::vector<double> values;
  Int128 expected = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::int64_t unit = units[i] % (std::int64_t{1} << 53);
    const int shift = spread ? static_cast<int>(i % 60) : 0;
    values.push_back(std::ldexp(static_cast<double>(unit), shift - 40));
    expected += static_cast<Int128>(unit) * (Int128{1} << shift);
  }
  RC_ASSERT(exact_sum(values) == std::ldexp(static_cast<double>(expected), -40));
}

RC_GTEST_PROP(ExactSum, OrderAndMergingDoNotShow, (std::uint32_t seed)) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  const std::size_t count = random() % 200;
  while (values.size() < count) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value)) values.push_back(value / 1024);
  }
  const double expected = exact_sum(values);
  std::shuffle(values.begin(), values.end(), random);
  RC_ASSERT(exact_sum(values) == expected);
  ExactSums parts;
  parts.resize(3);
  for (const double value : values) parts.add(random() % 3, value);
  ExactSums total;
  total.resize(1);
  for (std::size_t part = 0; part < 3; ++part) total.add(0, parts, part);
  RC_ASSERT(total.divided_by(0, 1).value() == expected);
}

// Sums that leave the 128 bits of a window within one call, whichever way rows are added.
TEST(ExactSum, RowsBeyondTheRoomOfAWindow) {
  const std::vector<std::uint32_t> last(40'000, 2);
  for (const double sign : {1.0, -1.0}) {
    std::vector<double> values(last.size(), std::ldexp(sign * 1.5, 30));
    values[0] = sign;
    values[7] = 0.0;
    const double expected = sign * (std::ldexp(1.5, 30) * 39'998 + 1.0);
    for (const std::size_t groups : {3U, 100'000U}) {
      ExactSums rows;
      rows.resize(groups);
      ExactSums::Adder(rows).add_rows(last.data(), values);
      EXPECT_EQ(rows.divided_by(2, 1).value(), expected) << groups;
    }
    ExactSums sums;
    sums.resize(3);
    for (const double value : values) sums.add(0, value);
    EXPECT_EQ(sums.divided_by(0, 1).value(), expected);
    ExactSums together;
    together.resize(3);
    ExactSums::Adder(together).add_all(1, values);
    EXPECT_EQ(together.divided_by(1, 1).value(), expected);
    ExactSums at_hand;
    at_hand.resize(3);
    ExactSums::Adder adder(at_hand);
    for (const double value : values) adder.add(1, value);
    EXPECT_EQ(at_hand.divided_by(1, 1).value(), expected);
    // Both halves have room, but what they add up to has none.
    const std::span all(values);
    ExactSums parts;
    parts.resize(2);
    ExactSums::Adder(parts).add_all(0, all.first(20'000));
    ExactSums::Adder(parts).add_all(1, all.last(20'000));
    parts.add(0, parts, 1);
    EXPECT_EQ(parts.divided_by(0, 1).value(), expected);
  }
}

// The other's window reaches further down, but these sums leave no room to follow it.
TEST(ExactSum, AWindowIsNotLoweredUnderLargeSums) {
  for (const double sign : {1.0, -1.0}) {
    const std::vector<double> large(20'000, std::ldexp(sign * 1.5, 30));
    ExactSums sums;
    sums.resize(1);
    sums.add(0, 1.0);
    ExactSums::Adder(sums).add_all(0, large);
    ExactSums small;
    small.resize(1);
    small.add(0, std::ldexp(1.0, -20));
    sums.add(0, small, 0);
    for (const double value : large) sums.add(0, -value);
    EXPECT_EQ(sums.divided_by(0, 1).value(), 1.0 + std::ldexp(1.0, -20)) << sign;
  }
}

// Few groups are added to apart, many where they are; values that the window does not hold come at
// any time.
TEST(ExactSum, RowsAddUpAsOneByOne) {
  std::mt19937_64 random(4);
  for (const std::size_t groups : {1U, 2U, 100U, 1024U, 1025U}) {
    for (const std::size_t beyond : {0U, 1U, 17'000U, 29'999U}) {
      std::vector<double> values(30'000);
      std::vector<std::uint32_t> of_row(values.size());
      for (std::size_t row = 0; row < values.size(); ++row) {
        values[row] = std::ldexp(static_cast<double>(random() >> 12) - 0x1p51, -40);
        of_row[row] = static_cast<std::uint32_t>(random() % groups);
      }
      if (beyond > 0) values[beyond] = 1e-200;
      ExactSums expected;
      ExactSums sums;
      expected.resize(groups);
      sums.resize(groups);
      for (std::size_t row = 0; row < values.size(); ++row) expected.add(of_row[row], values[row]);
      ExactSums::Adder(sums).add_rows(of_row.data(), values);
      for (std::size_t group = 0; group < groups; ++group) {
        EXPECT_EQ(sums.divided_by(group, 1).value(), expected.divided_by(group, 1).value());
      }
    }
  }
}

TEST(ExactSum, KeepsSomeGroups) {
  for (const double last : {1.0, 1e300}) {
    ExactSums sums;
    sums.resize(6);
    for (std::size_t group = 0; group < 5; ++group)
      sums.add(group, 1.0 + static_cast<double>(group));
    sums.add(5, last);
    sums.retain(1, std::vector<std::uint32_t>{2, 3, 5});
    EXPECT_EQ(sums.divided_by(0, 1).value(), 1.0);
    EXPECT_EQ(sums.divided_by(1, 1).value(), 3.0);
    EXPECT_EQ(sums.divided_by(2, 1).value(), 4.0);
    EXPECT_EQ(sums.divided_by(3, 1).value(), last);
  }
}

// The first values of two threads place their windows apart by `gap` bits, or too far for one;
// zeros and groups without values stay what they are.
TEST(ExactSum, WindowsOfThreadsMeet) {
  for (const int gap : {0, 3, 40, 59, 61, 200}) {
    for (const bool is_lower : {false, true}) {
      ExactSums all;
      ExactSums other;
      all.resize(3);
      other.resize(3);
      const double near = 1.5;
      const double far = std::ldexp(1.25, is_lower ? -gap : gap);
      for (int i = 0; i < 5; ++i) all.add(0, near);
      all.add(1, 0.0);
      for (int i = 0; i < 3; ++i) other.add(0, far);
      other.add(2, -far);
      for (std::size_t group = 0; group < 3; ++group) all.add(group, other, group);
      EXPECT_EQ(all.divided_by(0, 1).value(),
                exact_sum({near, near, near, near, near, far, far, far}))
          << gap;
      EXPECT_EQ(all.divided_by(1, 1).value(), 0.0);
      EXPECT_EQ(all.divided_by(2, 1).value(), -far);
    }
  }
}

// A value that the one window does not hold, after many groups are in it.
TEST(ExactSum, WindowsPartWithoutLoss) {
  for (const double beyond : {1e-30, 1e30, std::numeric_limits<double>::infinity()}) {
    ExactSums sums;
    sums.resize(100);
    for (std::size_t i = 0; i < 1000; ++i) sums.add(i % 100, 0.1 * static_cast<double>(i % 100));
    sums.add(7, beyond);
    sums.resize(101);
    sums.add(100, beyond);
    for (std::size_t group = 0; group < 101; ++group) {
      std::vector<double> values(10, 0.1 * static_cast<double>(group));
      if (group == 7) values.push_back(beyond);
      if (group == 100) values = {beyond};
      EXPECT_EQ(sums.divided_by(group, 1).value(), exact_sum(values)) << group;
    }
  }
}

TEST(Rounding, AverageOfIntegersIsTheNearestFloat) {
  EXPECT_EQ(average_to_float64(1, 3), 1.0 / 3.0);
  EXPECT_EQ(average_to_float64(-2, 3), -2.0 / 3.0);
  EXPECT_EQ(average_to_float64((Int128{1} << 100) + 1, std::uint64_t{1} << 63),
            std::ldexp(1.0, 37));
  EXPECT_EQ(average_to_float64(0, 7), 0.0);
  // 2^53 + 1 over 1 is a tie, over 1 with anything more is not.
  EXPECT_EQ(average_to_float64((Int128{1} << 53) + 1, 1), 9007199254740992.0);
  EXPECT_EQ(average_to_float64(((Int128{1} << 53) + 1) * 3 + 1, 3), 9007199254740994.0);
}

// The quotient digit by digit, and the one in registers.
RC_GTEST_PROP(Rounding, AverageIsTheRoundedQuotient,
              (std::uint64_t high, std::uint64_t low, std::uint64_t count)) {
  const auto bits = *rc::gen::inRange(0, 127);
  const UInt128 magnitude = (static_cast<UInt128>(high) << 64 | low) >> (bits + 1);
  const std::uint64_t divisor = (count >> *rc::gen::inRange(0, 64)) + (count == 0 ? 1U : 0U);
  RC_PRE(divisor > 0);
  std::array<std::uint32_t, 4> limbs{};
  for (std::size_t limb = 0; limb < limbs.size(); ++limb) {
    limbs[limb] = static_cast<std::uint32_t>(magnitude >> (32 * limb));
  }
  const double expected = divide_to_float64(limbs, 0, false, divisor);
  RC_ASSERT(average_to_float64(static_cast<Int128>(magnitude), divisor) == expected);
  RC_ASSERT(average_to_float64(-static_cast<Int128>(magnitude), divisor) == -expected);
}

TEST(Rounding, AverageOfDecimalsRoundsHalfAwayFromZero) {
  EXPECT_TRUE(average_to_decimal(1, 3, 6).value() == 333333);
  EXPECT_TRUE(average_to_decimal(2, 3, 6).value() == 666667);
  EXPECT_TRUE(average_to_decimal(1, 2000000, 6).value() == 1);
  EXPECT_TRUE(average_to_decimal(-1, 2000000, 6).value() == -1);
  EXPECT_TRUE(average_to_decimal(-7, 2, 0).value() == -4);
  const Int128 huge = Int128{1} << 126;
  EXPECT_EQ(average_to_decimal(huge, 1, 6).error().code, ErrorCode::kOverflow);
  EXPECT_TRUE(within_precision(999, 3));
  EXPECT_FALSE(within_precision(-1000, 3));
}

}  // namespace
}  // namespace stave
