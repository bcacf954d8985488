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
  for (const std::uint32_t count : {10U, 5000U, 131'072U, 150'000U}) {
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
    one.add(count + 200'000, 7);
    EXPECT_EQ(handed_out(one), (Groups{{count + 200'000, {7}}}));
  }
}

// One by one, many to one group, and each to its own, of two threads; then the memory is used
// again.
TEST(PendingRows, EveryWayOfAddingHandsOut) {
  std::mt19937 random(5);
  std::vector<std::uint32_t> targets(140'000);
  std::iota(targets.begin(), targets.end(), 0U);
  PendingRows<double> threads[2];
  for (int round = 0; round < 3; ++round) {
    Groups expected;
    for (PendingRows<double>& pending : threads) {
      for (const std::uint32_t below : {3U, 6000U, 140'000U}) {
        std::vector<double> values(20'000);
        std::vector<std::uint32_t> groups(values.size());
        for (std::size_t row = 0; row < values.size(); ++row) {
          values[row] = static_cast<double>(random() % 100);
          groups[row] = static_cast<std::uint32_t>(random() % below);
          expected[groups[row]].push_back(values[row]);
        }
        pending.add_rows(groups.data(), values.data(), values.size());
        for (const std::uint32_t group : {1U, 139'999U}) {
          pending.add(group, values.data(), values.size());
          expected[group].insert(expected[group].end(), values.begin(), values.end());
        }
      }
    }
    threads[0].take(threads[1], targets);
    for (auto& [group, values] : expected) std::sort(values.begin(), values.end());
    EXPECT_EQ(handed_out(threads[0]), expected);
  }
}

}  // namespace
}  // namespace stave
