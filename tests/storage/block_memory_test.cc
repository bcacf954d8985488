// A column's blocks begin with the choice made for the block before, and choose anew where it does
// not suit them.
#include "storage/codec/block_memory.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "storage/block_summary.h"
#include "storage/codec/block.h"

namespace stave {
namespace {

// Encodes as a writer does, and looks at what comes back.
std::size_t encoded_size(const std::vector<std::int64_t>& numbers, BlockMemory& memory,
                         std::string* chain = nullptr) {
  ColumnValues values;
  values.physical = Physical::kInt64;
  values.rows = static_cast<std::uint32_t>(numbers.size());
  values.int64s = numbers;
  std::string bytes;
  const BlockCodecs codecs = encode_block_naming_codecs(values, {}, bytes, {}, &memory);
  if (chain != nullptr) *chain = codecs.chain;
  DecodedBlock decoded;
  const auto back = decode_block(std::as_bytes(std::span<const char>(bytes)), Physical::kInt64,
                                 values.rows, decoded);
  EXPECT_TRUE(back) << back.error().message;
  EXPECT_TRUE(holds_same_values(values, decoded));
  return bytes.size();
}

// Mostly small, some large: wants `split` or `patched`, each with something found out beforehand.
std::vector<std::int64_t> skewed(unsigned seed, std::int64_t scale) {
  std::mt19937_64 random(seed);
  std::vector<std::int64_t> values(kBlockRows);
  for (std::int64_t& value : values) {
    const auto small = static_cast<std::int64_t>(random() % 16);
    value = random() % 10 == 0 ? small * scale : small;
  }
  return values;
}

TEST(BlockMemory, LikeBlocksComeOutAlikeWithoutAChoice) {
  BlockMemory memory;
  std::string first;
  encoded_size(skewed(1, 99'991), memory, &first);
  for (unsigned seed = 2; seed < 10; ++seed) {
    BlockMemory none;
    std::string again;
    const std::size_t chosen = encoded_size(skewed(seed, 99'991), none);
    const std::size_t recalled = encoded_size(skewed(seed, 99'991), memory, &again);
    EXPECT_EQ(again, first);
    EXPECT_LE(static_cast<double>(recalled), 1.03 * static_cast<double>(chosen));
  }
}

TEST(BlockMemory, ABlockOfAnotherKindGetsAChoiceOfItsOwn) {
  BlockMemory memory;
  encoded_size(std::vector<std::int64_t>(kBlockRows, 5), memory);
  BlockMemory none;
  EXPECT_EQ(encoded_size(skewed(3, 1'000'003), memory), encoded_size(skewed(3, 1'000'003), none));
  // And back: what was found for the skewed values fits none of these.
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 62}) {
    EXPECT_LT(encoded_size(std::vector<std::int64_t>(kBlockRows, value), memory), 64U);
  }
  std::vector<std::int64_t> rising(kBlockRows);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::int64_t>(i) - 9000;
  encoded_size(skewed(4, 77), memory);
  EXPECT_LT(encoded_size(rising, memory), 2048U);
}

TEST(BlockMemory, InAHurryASmallerBlockNeedsNoChoiceAndALargerOneDoes) {
  BlockMemory careful;
  BlockMemory hurried;
  hurried.hurry();
  for (BlockMemory* memory : {&careful, &hurried}) {
    memory->remember({}, 100'000, kBlockRows, 0);
    EXPECT_TRUE(memory->is_alike(98'000, kBlockRows));
    EXPECT_TRUE(memory->is_alike(101'000, kBlockRows));
    EXPECT_FALSE(memory->is_alike(103'000, kBlockRows));
    EXPECT_FALSE(memory->is_alike(50'000, kBlockRows));
  }
  EXPECT_FALSE(careful.is_alike(80'000, kBlockRows));
  EXPECT_TRUE(hurried.is_alike(80'000, kBlockRows));
}

TEST(BlockMemory, ACompressorIsTriedAgainForBlocksOfAnotherSize) {
  BlockMemory memory;
  EXPECT_TRUE(memory.may_compress(1000, kBlockRows));
  memory.remember({}, 100'000, kBlockRows, 0);
  EXPECT_FALSE(memory.may_compress(110'000, kBlockRows));
  EXPECT_TRUE(memory.may_compress(200'000, kBlockRows));
  EXPECT_TRUE(memory.may_compress(40'000, kBlockRows));
  memory.remember({Aim::kCompressor, Compression::kLz4, {}}, 100'000, kBlockRows, 0);
  EXPECT_TRUE(memory.may_compress(110'000, kBlockRows));
}

TEST(BlockMemory, ShortBlocksAreNeitherRecalledNorRemembered) {
  BlockMemory memory;
  encoded_size(skewed(1, 99'991), memory);
  EXPECT_NE(memory.recall(kBlockRows), nullptr);
  EXPECT_EQ(memory.recall(100), nullptr);
  encoded_size({1, 2, 3}, memory);
  EXPECT_NE(memory.recall(kBlockRows), nullptr);
}

TEST(BlockMemory, WhatStaysLargerIsLetPassOnceAChoiceSavesNothing) {
  BlockMemory memory;
  memory.remember({}, 1000, kBlockRows, 0);
  EXPECT_TRUE(memory.is_alike(1015, kBlockRows));
  EXPECT_FALSE(memory.is_alike(1035, kBlockRows));
  memory.remember({}, 1000, kBlockRows, 1001);
  EXPECT_TRUE(memory.is_alike(1035, kBlockRows));
  memory.remember({}, 1000, kBlockRows, 1500);
  EXPECT_FALSE(memory.is_alike(1035, kBlockRows));
}

}  // namespace
}  // namespace stave
