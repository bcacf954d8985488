// Looking ranks up on every target, against the scalar twin.
#include "storage/codec/ranked_kernels.h"
#include "storage/kernel_dispatch.h"

#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <limits>
#include <random>
#include <vector>

namespace stave {
namespace {

TEST(RankedKernels, LookUpAsTheScalarTwinOnEveryTarget) {
  std::mt19937_64 random(12);
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    for (std::size_t listed : {0U, 1U, 2U, 100U, 5'000U}) {
      std::vector<std::uint32_t> list(listed);
      for (std::uint32_t& code : list) code = static_cast<std::uint32_t>(random());
      for (std::size_t rows = 0; rows < 90; ++rows) {
        std::vector<std::uint32_t> codes(rows);
        for (std::uint32_t& code : codes) {
          code = random() % 8 == 0
                     ? std::numeric_limits<std::uint32_t>::max()
                     : static_cast<std::uint32_t>(random() % (listed + listed / 2 + 1));
        }
        std::vector<std::uint32_t> wanted = codes;
        look_up_ranks_scalar(list, wanted);
        look_up_ranks(list, codes);
        ASSERT_EQ(codes, wanted) << listed << " listed, " << rows << " rows";
      }
    }
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
