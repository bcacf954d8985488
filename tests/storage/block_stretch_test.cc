// Neighbouring blocks come with one read, and never more than is wanted.
#include "storage/block_stretch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace stave {
namespace {

// A file that notes what is read of it.
class NotedFile final : public ReadableFile {
 public:
  explicit NotedFile(std::size_t bytes, unsigned seed) : bytes_(bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
      bytes_[i] = static_cast<std::byte>(i * 7 + i / 251 + seed);
  }
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    EXPECT_LE(offset + out.size(), bytes_.size());
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    sizes.push_back(out.size());
    if (is_broken) return fail(ErrorCode::kIo, "broken");
    return {};
  }
  Result<std::span<const std::byte>> map() const override { return std::span(bytes_); }
  const std::string& path() const override { return path_; }

  mutable std::vector<std::size_t> sizes;
  bool is_broken = false;

 private:
  std::vector<std::byte> bytes_;
  std::string path_ = "noted";
};

std::vector<BlockSummary> blocks_of(std::size_t count, std::uint32_t size) {
  std::vector<BlockSummary> blocks(count);
  for (std::size_t i = 0; i < count; ++i) {
    blocks[i].offset = 32 + i * size;
    blocks[i].size = size;
  }
  return blocks;
}

void expect_block(BlockStretch& stretch, const NotedFile& file,
                  const std::vector<BlockSummary>& blocks, std::uint32_t block) {
  const auto bytes = stretch.read(file, blocks, block);
  ASSERT_TRUE(bytes);
  const auto wanted = (*file.map()).subspan(blocks[block].offset, blocks[block].size);
  EXPECT_TRUE(std::ranges::equal(*bytes, wanted)) << block;
}

using Sizes = std::vector<std::size_t>;

TEST(BlockStretch, GrowsWhileBlocksAreAskedForOneAfterAnother) {
  const auto blocks = blocks_of(16, 1000);
  const NotedFile file(20000, 1);
  BlockStretch stretch;
  for (std::uint32_t block = 0; block < 16; ++block) {
    stretch.expect(15 - block, false);
    expect_block(stretch, file, blocks, block);
  }
  EXPECT_EQ(file.sizes, (Sizes{1000, 2000, 4000, 8000, 1000}));
  stretch.expect(12, false);
  expect_block(stretch, file, blocks, 3);
  EXPECT_EQ(file.sizes.back(), 1000U);
}

TEST(BlockStretch, TakesAtOnceWhatIsSureToBeReadWithinItsMost) {
  const auto blocks = blocks_of(16, 10'000);
  const NotedFile file(170'000, 2);
  BlockStretch stretch;
  for (std::uint32_t block = 2; block < 14; ++block) {
    stretch.expect(13 - block, true);
    expect_block(stretch, file, blocks, block);
  }
  EXPECT_EQ(file.sizes, (Sizes{60'000, 60'000}));
  const auto large = blocks_of(2, 80'000);
  stretch.expect(1, true);
  expect_block(stretch, file, large, 0);
  EXPECT_EQ(file.sizes.back(), 80'000U);
}

TEST(BlockStretch, KnowsItsFileAndForgetsAFailedRead) {
  const auto blocks = blocks_of(4, 1000);
  const NotedFile one(5000, 3);
  NotedFile other(5000, 4);
  BlockStretch stretch;
  stretch.expect(3, true);
  expect_block(stretch, one, blocks, 0);
  expect_block(stretch, other, blocks, 1);
  expect_block(stretch, one, blocks, 2);
  other.is_broken = true;
  EXPECT_FALSE(stretch.read(other, blocks, 0));
  other.is_broken = false;
  expect_block(stretch, other, blocks, 0);
}

TEST(BlockStretch, KeysAreForOneBlock) {
  BlockStretch stretch;
  const std::vector<std::uint32_t> keys{1, 2, 3};
  stretch.know_keys(keys);
  EXPECT_EQ(stretch.keys().size(), 3U);
  stretch.expect(5, false);
  EXPECT_TRUE(stretch.keys().empty());
}

}  // namespace
}  // namespace stave
