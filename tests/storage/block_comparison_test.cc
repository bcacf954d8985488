// What every block passes before it is written: the comparison with what was meant, and the range
// that zone maps are made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "storage/block_summary.h"
#include "storage/column_file.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

DecodedBlock encoded_and_decoded(const ColumnValues& values) {
  std::string bytes;
  encode_block(values, EncodeOptions(), bytes);
  DecodedBlock decoded;
  EXPECT_TRUE(decode_block(std::as_bytes(std::span(bytes)), values.physical, values.rows, decoded));
  return decoded;
}

// Another value in the last row.
void change_last(DecodedBlock& block) {
  const std::size_t last = block.rows - 1;
  switch (block.physical) {
    case Physical::kCode:
      block.codes[last] ^= 1U;
      break;
    case Physical::kInt64:
      block.int64s[last] ^= 1;
      break;
    case Physical::kInt128:
      block.int128s[last] ^= Int128{1} << 100;
      break;
    case Physical::kFloat64:
      block.float64s[last] = block.float64s[last] == 7 ? 8 : 7;
      break;
    case Physical::kString:
      block.strings[last] = block.strings[last] == "x" ? "y" : "x";
      break;
  }
}

TEST(BlockComparison, NoticesAnotherValueOfEveryKind) {
  std::mt19937_64 random(1);
  for (const Physical physical : testing::kAllPhysicals) {
    for (const auto& sample : testing::column_samples(physical, 65, random)) {
      DecodedBlock decoded = encoded_and_decoded(sample.values());
      EXPECT_TRUE(holds_same_values(sample.values(), decoded)) << sample.name;
      change_last(decoded);
      EXPECT_FALSE(holds_same_values(sample.values(), decoded)) << sample.name;
    }
  }
}

TEST(BlockComparison, NoticesANullTooManyOrTooFewAndAnotherNumberOfRows) {
  const std::vector<std::int64_t> numbers(70, 5);
  std::vector<std::uint64_t> validity = {~std::uint64_t{0}, 0x3e};
  ColumnValues values;
  values.rows = 70;
  values.int64s = numbers;
  values.validity = validity;
  DecodedBlock decoded = encoded_and_decoded(values);
  EXPECT_TRUE(holds_same_values(values, decoded));
  validity[1] = 0x3f;
  EXPECT_FALSE(holds_same_values(values, decoded));
  validity[1] = 0x3c;
  EXPECT_FALSE(holds_same_values(values, decoded));
  validity[1] = 0x3e;
  values.rows = 69;
  EXPECT_FALSE(holds_same_values(values, decoded));
}

TEST(BlockRange, EndsAtTheLeastAndTheGreatestValue) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::vector<std::int64_t>> cases = {
      {5}, {-3, 9, 0}, {kGreatest, 0, kLeast}, {0, -1}};
  for (const auto& numbers : cases) {
    ColumnValues values;
    values.rows = static_cast<std::uint32_t>(numbers.size());
    values.int64s = numbers;
    const BlockSummary summary = summarize(values);
    EXPECT_TRUE(summary.has_range);
    EXPECT_EQ(summary.min, *std::min_element(numbers.begin(), numbers.end()));
    EXPECT_EQ(summary.max, *std::max_element(numbers.begin(), numbers.end()));
  }
}

TEST(BlockRange, LeavesNullsOut) {
  const std::vector<std::uint32_t> codes = {0, 7, 0, 9};
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = 4;
  values.codes = codes;
  const BlockSummary summary = summarize(values);
  EXPECT_EQ(summary.nulls, 2U);
  EXPECT_EQ(summary.min, 7);
  EXPECT_EQ(summary.max, 9);
}

TEST(BlockDamage, BytesAfterABlockAreNoticed) {
  const std::string block("\x00\x01\x00\x02\x05\x00\x00\x00\x00\x00\x00\x00", 12);
  DecodedBlock decoded;
  EXPECT_TRUE(decode_block(std::as_bytes(std::span(block)), Physical::kInt64, 2, decoded));
  const std::string longer = block + '\0';
  EXPECT_FALSE(decode_block(std::as_bytes(std::span(longer)), Physical::kInt64, 2, decoded));
}

}  // namespace
}  // namespace stave
