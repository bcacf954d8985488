// Blocks come back as they were, whatever they hold, at either effort.
#include <gtest/gtest.h>

#include <random>

#include "storage/block_summary.h"
#include "storage/codec/block.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

using testing::ColumnSample;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span<const char>(text));
}

void expect_round_trip(const ColumnSample& sample, Effort effort, DecodedBlock& decoded) {
  std::string encoded;
  const BlockCodecs codecs = encode_block_naming_codecs(sample.values(), {effort}, encoded);
  SCOPED_TRACE(sample.name + ", " + std::to_string(sample.rows()) + " rows as " +
               to_string(codecs));
  const auto result = decode_block(bytes_of(encoded), sample.physical, sample.rows(), decoded);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(holds_same_values(sample.values(), decoded));
}

class EveryKind : public ::testing::TestWithParam<Physical> {};

TEST_P(EveryKind, ComesBackFromABlock) {
  std::mt19937_64 random(1);
  DecodedBlock decoded;
  for (const std::uint32_t rows : testing::kRowCounts) {
    for (ColumnSample& sample : testing::column_samples(GetParam(), rows, random)) {
      expect_round_trip(sample, Effort::kFast, decoded);
      expect_round_trip(sample, Effort::kSmall, decoded);
      if (GetParam() == Physical::kCode) {
        continue;
      }
      for (const double share : {0.001, 0.3, 0.99, 1.0}) {
        sample.add_nulls(share, random);
        expect_round_trip(sample, Effort::kFast, decoded);
        expect_round_trip(sample, Effort::kSmall, decoded);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Blocks, EveryKind, ::testing::ValuesIn(testing::kAllPhysicals));

TEST(Block, OfNoRowsIsEmpty) {
  std::string encoded;
  encode_block({}, {}, encoded);
  DecodedBlock decoded;
  EXPECT_TRUE(decode_block(bytes_of(encoded), Physical::kInt64, 0, decoded));
}

TEST(Block, HasZeroUnderEachNull) {
  const std::vector<std::int64_t> int64s = {5, 6, 7, 8};
  const std::vector<std::uint64_t> validity = {0b1001};
  ColumnValues values;
  values.rows = 4;
  values.int64s = int64s;
  values.validity = validity;
  std::string encoded;
  encode_block(values, {}, encoded);
  DecodedBlock decoded;
  ASSERT_TRUE(decode_block(bytes_of(encoded), Physical::kInt64, 4, decoded));
  EXPECT_EQ(decoded.int64s, (std::vector<std::int64_t>{5, 0, 0, 8}));
}

TEST(Block, MoreRowsThanABlockHasIsDamage) {
  DecodedBlock decoded;
  const auto result = decode_block({}, Physical::kInt64, kBlockRows + 1, decoded);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace stave
