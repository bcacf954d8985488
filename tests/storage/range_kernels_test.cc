// The vector passes against plain loops, on every target that this machine has.
#include "storage/codec/range_kernels.h"
#include "storage/kernel_dispatch.h"

#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace stave {
namespace {

template <typename T>
void expect_same_as_loops(const std::vector<T>& values, T pivot) {
  const std::span<const T> all(values);
  const auto range = range_of(all);
  EXPECT_EQ(range.min, *std::min_element(values.begin(), values.end()));
  EXPECT_EQ(range.max, *std::max_element(values.begin(), values.end()));
  std::size_t changes = 0;
  for (std::size_t i = 1; i < values.size(); ++i) changes += values[i] != values[i - 1] ? 1 : 0;
  EXPECT_EQ(count_changes(all), changes);
  EXPECT_EQ(count_equal(all, pivot),
            static_cast<std::size_t>(std::count(values.begin(), values.end(), pivot)));
  EXPECT_EQ(count_above(all, pivot),
            static_cast<std::size_t>(std::count_if(values.begin(), values.end(),
                                                   [&](T value) { return value > pivot; })));
}

template <typename T>
void try_all_sizes() {
  std::mt19937_64 random(7);
  for (std::size_t size = 1; size < 200; ++size) {
    std::vector<T> narrow(size);
    std::vector<T> wide(size);
    for (T& value : narrow) value = static_cast<T>(random() % 3);
    for (T& value : wide) value = static_cast<T>(random());
    expect_same_as_loops<T>(narrow, 1);
    expect_same_as_loops<T>(wide, wide[size / 2]);
  }
  const T least = std::numeric_limits<T>::min();
  const T most = std::numeric_limits<T>::max();
  expect_same_as_loops<T>({most, least, least, most, 0, 0, most}, most);
  expect_same_as_loops<T>(std::vector<T>(77, least), least);
}

TEST(RangeKernels, SayWhatPlainLoopsSayOnEveryTarget) {
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    try_all_sizes<std::uint32_t>();
    try_all_sizes<std::int64_t>();
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
