// Samples are sorted by digits where that is faster: always as comparisons would.
#include "storage/codec/sorted_integers.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

namespace stave {
namespace {

RC_GTEST_PROP(SortedIntegers, AreInOrderWhateverTheirRange, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(0, 300);
  const auto bits = *rc::gen::inRange(0, 64);
  const auto base = *rc::gen::arbitrary<std::int64_t>();
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < size; ++i) {
    const auto offset = *rc::gen::arbitrary<std::uint64_t>() & ((std::uint64_t{1} << bits) - 1);
    values.push_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + offset));
  }
  std::vector<std::int64_t> expected = values;
  std::sort(expected.begin(), expected.end());
  sort_integers(values);
  RC_ASSERT(values == expected);
}

TEST(SortedIntegers, OfTheWholeRangeAreInOrder) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 100; ++i) {
    values.push_back(i % 3 == 0   ? std::numeric_limits<std::int64_t>::max() - i
                     : i % 3 == 1 ? std::numeric_limits<std::int64_t>::min() + i
                                  : i - 50);
  }
  sort_integers(values);
  EXPECT_TRUE(std::ranges::is_sorted(values));
  EXPECT_EQ(values.size(), 100U);
}

}  // namespace
}  // namespace stave
