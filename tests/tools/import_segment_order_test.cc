// The order of a segment's rows against a stable sort that anyone can read.
#include "tools/import/segment_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

#include "storage/dictionary.h"

namespace stave::loading {
namespace {

void expect_sorted(const std::vector<std::uint64_t>& times,
                   const std::vector<std::uint32_t>& clusters) {
  const std::size_t rows = std::max(times.size(), clusters.size());
  std::vector<std::uint32_t> wanted(rows);
  std::iota(wanted.begin(), wanted.end(), 0U);
  std::stable_sort(wanted.begin(), wanted.end(), [&](std::uint32_t left, std::uint32_t right) {
    const auto key = [&](std::uint32_t row) {
      const std::uint32_t cluster = clusters.empty() ? 1 : clusters[row];
      return std::tuple(cluster == kNullCode, cluster, times.empty() ? 0 : times[row]);
    };
    return key(left) < key(right);
  });
  const SegmentOrder order = order_segment(static_cast<std::uint32_t>(rows), times, clusters);
  for (std::uint32_t place = 0; place < rows; ++place) {
    const std::uint32_t found = order.places.empty() ? wanted[place] : order.places[wanted[place]];
    ASSERT_EQ(found, place);
    ASSERT_TRUE(!order.places.empty() || wanted[place] == place);
  }
  std::uint32_t next = 0;
  for (const ClusterRun& run : order.runs) {
    EXPECT_EQ(run.first_row, next);
    for (std::uint32_t place = next; place < next + run.rows; ++place) {
      ASSERT_EQ(clusters.empty() ? kNullCode : clusters[wanted[place]], run.code);
    }
    next += run.rows;
  }
  EXPECT_EQ(next, rows);
}

// `late`: one row in so many comes before its turn; 0: none, 1: all are shuffled.
void try_order(unsigned late, std::uint32_t most_cluster, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint64_t> times(500);
  std::vector<std::uint32_t> clusters(500);
  for (std::size_t row = 0; row < times.size(); ++row) {
    times[row] = row / 3;
    if (late != 0 && random() % late == 0) times[row] = random() % (row / 3 + 1);
    clusters[row] = static_cast<std::uint32_t>(random() % (most_cluster + std::uint64_t{1}));
  }
  expect_sorted(times, clusters);
  expect_sorted(times, {});
  expect_sorted({}, clusters);
}

TEST(SegmentOrder, IsByClusterThenTimeThenArrival) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    for (const unsigned late : {0U, 100U, 10U, 1U}) {
      try_order(late, 3, seed);
      try_order(late, 4'000'000'000U, seed);
    }
  }
}

TEST(SegmentOrder, ASegmentWithoutClustersIsOneRun) {
  const SegmentOrder order = order_segment(3, {}, {});
  EXPECT_TRUE(order.places.empty());
  ASSERT_EQ(order.runs.size(), 1U);
  EXPECT_EQ(order.runs[0].code, kNullCode);
  EXPECT_EQ(order.runs[0].rows, 3U);
}

}  // namespace
}  // namespace stave::loading
