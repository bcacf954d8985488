// Integers kept in fewer bytes come back as they were, up to both ends of what 64 bits hold.
#include "engine/runtime/narrow_lookup.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace stave {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(NarrowLookup, TakesAsFewBytesAsTheRangeNeeds) {
  EXPECT_EQ(NarrowLookup::bytes_for({7, 7}), 1U);
  EXPECT_EQ(NarrowLookup::bytes_for({-5, 250}), 1U);
  EXPECT_EQ(NarrowLookup::bytes_for({-5, 251}), 2U);
  EXPECT_EQ(NarrowLookup::bytes_for({0, 65'535}), 2U);
  EXPECT_EQ(NarrowLookup::bytes_for({0, 65'536}), 4U);
  EXPECT_EQ(NarrowLookup::bytes_for({kMost - 0xFFFFFFFF, kMost}), 4U);
  EXPECT_EQ(NarrowLookup::bytes_for({0, 0x100000000}), 8U);
  EXPECT_EQ(NarrowLookup::bytes_for({kLeast, kMost}), 8U);
}

TEST(NarrowLookup, GivesValuesBack) {
  const std::vector<NarrowLookup::Range> ranges = {
      {kLeast, kLeast + 200}, {kMost - 255, kMost}, {-30'000, 30'000}, {-1, 0xFFFFFFF0}};
  for (const auto& range : ranges) {
    const std::vector<std::int64_t> values = {range.second, range.first,
                                              range.first + (range.second - range.first) / 3};
    NarrowLookup narrow(range, 5);
    narrow.fill(0, 1);
    narrow.write(2, values);
    narrow.write(1, std::span(values).last(1));
    const std::vector<std::uint32_t> places = {4, 2, 3, 1, 2};
    std::vector<std::int64_t> found(places.size());
    narrow.gather(places.data(), static_cast<std::uint32_t>(places.size()), found.data());
    EXPECT_EQ(found,
              (std::vector<std::int64_t>{values[2], values[0], values[1], values[2], values[0]}));
  }
}

// What lies under a null may be any number.
TEST(NarrowLookup, TakesValuesBeyondTheRange) {
  NarrowLookup narrow({kMost - 10, kMost}, 2);
  const std::vector<std::int64_t> values = {0, kMost - 3};
  narrow.write(0, values);
  const std::vector<std::uint32_t> places = {0, 1};
  std::vector<std::int64_t> found(2);
  narrow.gather(places.data(), 2, found.data());
  EXPECT_EQ(found[1], kMost - 3);
}

}  // namespace
}  // namespace stave
