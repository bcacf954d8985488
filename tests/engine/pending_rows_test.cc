// Values of a group come out together and once, whoever set them aside and however groups were
// renamed.
#include "engine/aggregate/pending_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <vector>

namespace stave {
namespace {

using Groups = std::map<std::uint32_t, std::vector<double>>;

Groups handed_out(PendingRows<double>& pending) {
  Groups groups;
  const auto done = pending.hand_out(nullptr, [&](std::uint32_t group, auto parts, int) {
    EXPECT_FALSE(groups.contains(group));
    for (const auto& part : parts) {
      groups[group].insert(groups[group].end(), part.begin(), part.end());
    }
  });
  EXPECT_TRUE(done);
  for (auto& [group, values] : groups) std::sort(values.begin(), values.end());
  return groups;
}

TEST(PendingRows, RenamedGroupsMeet) {
  for (const std::uint32_t count : {10U, 1024U, 5000U}) {
    std::mt19937 random(count);
    std::vector<std::uint32_t> targets(count);
    std::iota(targets.begin(), targets.end(), 0U);
    std::shuffle(targets.begin(), targets.end(), random);
    PendingRows<double> one;
    PendingRows<double> other;
    Groups expected;
    for (int i = 0; i < 200'000; ++i) {
      const auto group = static_cast<std::uint32_t>(random() % count);
      const double value = i;
      if (i % 3 == 0) {
        one.add(group, value);
        expected[group].push_back(value);
      } else {
        other.add(group, value);
        expected[targets[group]].push_back(-value);
      }
    }
    one.take(other, targets, [](double value) { return -value; });
    EXPECT_EQ(other.memory_bytes(), 0u);
    for (auto& [group, values] : expected) std::sort(values.begin(), values.end());
    EXPECT_EQ(handed_out(one), expected);
    // Empty again, and of use.
    one.add(count + 2000, 7);
    EXPECT_EQ(handed_out(one), (Groups{{count + 2000, {7}}}));
  }
}

}  // namespace
}  // namespace stave
