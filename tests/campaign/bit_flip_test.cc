// Every single bit of every file of a store is flipped: not one may change an answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/campaign/support/count.h"
#include "tests/campaign/support/damage_tally.h"
#include "tests/campaign/support/sample_store.h"

namespace stave::campaign {
namespace {

void flip(std::string& bytes, std::size_t at, unsigned bit) {
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << bit));
}

// The block that byte `at` of a column file lies in, -1 for header and footer.
int block_at(const std::vector<std::uint64_t>& blocks, std::size_t at) {
  if (blocks.empty() || at < blocks.front() || at >= blocks.back()) {
    return -1;
  }
  return static_cast<int>(std::ranges::upper_bound(blocks, at) - blocks.begin()) - 1;
}

// Verification of a whole store takes too long for each bit of its manifests: one of each byte.
bool is_verified(const std::string& path, std::size_t at, unsigned bit) {
  return path.find('/') != std::string::npos && !path.starts_with("snapshots/") ? true
                                                                                : bit == at % 8;
}

TEST(BitFlips, EverySingleOneIsNoticedAndNamed) {
  StoreImage image = sample_store();
  const StoreReading reading(image);
  DamageTally tally(reading);
  EXPECT_GE(image.total_bytes(), 65'536U);
  EXPECT_GE(reading.predicted_blocks(), 4U);
  for (auto& [path, bytes] : image.contents()) {
    const auto& blocks = reading.blocks_of(path);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        flip(bytes, at, bit);
        const std::string what = "bit " + std::to_string(bit) + " of byte " + std::to_string(at);
        tally.expect_right_or_named(path, what);
        if (is_verified(path, at, bit)) {
          tally.expect_verify_names(path, what, block_at(blocks, at));
        }
        flip(bytes, at, bit);
      }
    }
  }
  EXPECT_EQ(tally.cases(), image.total_bytes() * 8);
  EXPECT_EQ(tally.named(), tally.cases());
  report_count("single bits flipped", tally.cases(), tally.outcome());
}

// Several bits of one file at once: a checksum may not be fooled by what lies far apart either.
TEST(BitFlips, SeveralAtOnceAreNoticedAndNamed) {
  StoreImage image = sample_store();
  const StoreReading reading(image);
  DamageTally tally(reading);
  std::mt19937_64 random(3);
  for (std::uint64_t round = 0; round < 200 * times(); ++round) {
    for (auto& [path, bytes] : image.contents()) {
      const std::string sound = bytes;
      for (std::uint64_t flips = 2 + random() % 30; flips > 0; --flips) {
        flip(bytes, random() % bytes.size(), static_cast<unsigned>(random() % 8));
      }
      if (bytes != sound) {
        tally.expect_right_or_named(path, "several bits");
      }
      bytes = sound;
    }
  }
  EXPECT_EQ(tally.named(), tally.cases());
  report_count("several bits of a file flipped at once", tally.cases(), tally.outcome());
}

}  // namespace
}  // namespace stave::campaign
