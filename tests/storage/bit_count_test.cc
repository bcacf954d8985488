// Counting bits on every target, against counting them one by one.
#include "storage/bit_count.h"
#include "storage/kernel_dispatch.h"

#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <bit>
#include <random>
#include <vector>

namespace stave {
namespace {

TEST(BitCount, IsThatOfPlainLoopsOnEveryTarget) {
  std::mt19937_64 random(11);
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    for (std::size_t size = 0; size < 70; ++size) {
      std::vector<std::uint64_t> words(size);
      std::size_t wanted = 0;
      for (std::uint64_t& word : words) {
        word = random() % 5 == 0 ? ~std::uint64_t{0} : random() & random();
        wanted += static_cast<std::size_t>(std::popcount(word));
      }
      EXPECT_EQ(count_set_bits(words), wanted) << size;
    }
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
