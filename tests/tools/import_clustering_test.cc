// Clusters are looked up for many keys as for one, however many of them there are.
#include "tools/import/clustering.h"

#include <gtest/gtest.h>

namespace stave::loading {
namespace {

TEST(Clustering, LooksUpManyKeysAsOne) {
  for (const std::uint32_t clusters : {1U, 255U, 256U, 65'535U, 65'536U, 1'000'000U}) {
    Clustering clustering;
    clustering.codes.physical = Physical::kCode;
    clustering.codes.resize(3000);
    for (std::uint32_t i = 0; i < 3000; ++i) {
      // With the largest, and with keys of no cluster.
      clustering.codes.codes[i] = i % 7 == 0 ? kNullCode : clusters - i % clusters;
    }
    clustering.keep_by_key();
    std::vector<std::uint32_t> keys;
    for (std::uint32_t key = 0; key < 3100; ++key) keys.push_back(key);
    keys.push_back(~std::uint32_t{0});
    std::vector<std::uint32_t> found = keys;
    clustering.look_up(found);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(found[i], clustering.cluster_of(keys[i])) << keys[i] << " of " << clusters;
    }
  }
}

TEST(Clustering, WithoutATableNoKeyHasACluster) {
  std::vector<std::uint32_t> keys = {0, 1, 77};
  Clustering().look_up(keys);
  EXPECT_EQ(keys, (std::vector<std::uint32_t>{0, 0, 0}));
}

}  // namespace
}  // namespace stave::loading
