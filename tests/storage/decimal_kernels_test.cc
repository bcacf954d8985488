// Dividing integers on every target, against the scalar twin, to the bit.
#include "storage/codec/decimal_kernels.h"

#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <bit>
#include <limits>
#include <random>
#include <vector>

#include "storage/kernel_dispatch.h"

namespace stave {
namespace {

TEST(DecimalKernels, DivideAsTheScalarTwinOnEveryTarget) {
  std::mt19937_64 random(3);
  std::vector<std::int64_t> integers{0, -1, 1, std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};
  while (integers.size() < 2000) {
    integers.push_back(static_cast<std::int64_t>(random()) >> random() % 64);
  }
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    for (const double divisor : {1.0, 1e2, 1e6, 1e15}) {
      for (const std::size_t count : {0U, 1U, 7U, 8U, 33U, 2000U}) {
        std::vector<double> wanted(count);
        std::vector<double> values(count);
        divide_integers_scalar(integers.data(), count, divisor, wanted.data());
        divide_integers(integers.data(), count, divisor, values.data());
        for (std::size_t i = 0; i < count; ++i) {
          ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]),
                    std::bit_cast<std::uint64_t>(wanted[i]))
              << integers[i] << " / " << divisor;
        }
      }
    }
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
