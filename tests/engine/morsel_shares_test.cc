// Shares of morsels: all of them in order, each of one segment.
#include "engine/scan/morsel_shares.h"

#include <gtest/gtest.h>

namespace stave {
namespace {

TEST(MorselShares, HoldEveryMorselOnceAndKnowWhatFollows) {
  std::vector<Morsel> morsels;
  for (const std::uint32_t blocks : {100U, 1U, 37U, 500U}) {
    const std::uint32_t segment = morsels.empty() ? 0 : morsels.back().segment + 1;
    for (std::uint32_t block = 0; block < blocks; ++block) {
      morsels.push_back({segment, block, block * 16384, 16384});
    }
  }
  for (const int threads : {1, 2, 8, 300}) {
    const auto shares = share_morsels(morsels, 16, threads);
    std::size_t at = 0;
    for (const MorselShare& share : shares) {
      ASSERT_EQ(share.begin, at);
      ASSERT_GT(share.end, share.begin);
      ASSERT_LE(share.end - share.begin, 16U);
      const Morsel& last = morsels[share.end - 1];
      for (; at < share.end; ++at) {
        ASSERT_EQ(morsels[at].segment, last.segment);
        ASSERT_EQ(morsels[at].block + morsels[at].blocks_ahead, last.block);
      }
    }
    EXPECT_EQ(at, morsels.size());
    // So many that no thread waits long for another.
    EXPECT_GE(shares.size(),
              std::min<std::size_t>(morsels.size(), 16U * static_cast<unsigned>(threads)));
  }
  std::vector<Morsel> none;
  EXPECT_TRUE(share_morsels(none, 16, 2).empty());
}

}  // namespace
}  // namespace stave
