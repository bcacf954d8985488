// Any bytes through the one decoder: random ones, and blocks with a few bytes changed, cut or
// doubled. Values or kDamaged, nothing else. Seeds are fixed; the sanitizer builds see the rest.
#include <gtest/gtest.h>
#include <zstd.h>

#include <random>

#include "storage/codec/codec.h"
#include "storage/codec/compression.h"
#include "storage/column_file.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

using Random = std::mt19937_64;

std::string mutated(std::string bytes, Random& random) {
  const std::size_t changes = 1 + random() % 4;
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
    const std::size_t near =
        random() % 2 == 0 ? std::min<std::size_t>(bytes.size(), 24) : bytes.size();
    const std::size_t at = random() % near;
    switch (random() % 6) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, bytes.substr(at, random() % 16));
        break;
      case 2:
        bytes[at] = static_cast<char>(0xFF);
        break;
      case 3:
        bytes[at] = 0;
        break;
      default:
        bytes[at] = static_cast<char>(random());
    }
  }
  return bytes;
}

void expect_values_or_damage(const std::string& bytes, Physical kind, std::uint32_t rows,
                             DecodedBlock& decoded) {
  const auto result =
      decode_block(std::as_bytes(std::span<const char>(bytes)), kind, rows, decoded);
  if (result) {
    std::size_t text = 0;
    for (std::size_t row = 0; kind == Physical::kString && row < rows; ++row) {
      text += decoded.strings[row].empty()
                  ? 0U
                  : static_cast<unsigned char>(decoded.strings[row].back());
    }
    EXPECT_GE(text, 0U);
  } else {
    EXPECT_EQ(result.error().code, ErrorCode::kDamaged) << result.error().message;
  }
}

class DecodeMutation : public ::testing::TestWithParam<Physical> {};

TEST_P(DecodeMutation, OfSoundBlocksGivesValuesOrDamage) {
  Random random(31);
  DecodedBlock decoded;
  for (const std::uint32_t rows : {1U, 100U, 2500U}) {
    for (auto& sample : testing::column_samples(GetParam(), rows, random)) {
      for (const Effort effort : {Effort::kFast, Effort::kSmall}) {
        std::string bytes;
        encode_block(sample.values(), {effort}, bytes);
        for (int round = 0; round < 200; ++round) {
          expect_values_or_damage(mutated(bytes, random), GetParam(), rows, decoded);
        }
      }
    }
  }
}

TEST_P(DecodeMutation, OfRandomBytesBehindEachCodecGivesValuesOrDamage) {
  Random random(32);
  DecodedBlock decoded;
  for (const Codec& codec : all_codecs()) {
    for (int round = 0; round < 500; ++round) {
      std::string bytes("\0\1\0", 3);
      bytes.push_back(static_cast<char>(codec.id));
      for (std::size_t left = random() % 200; left > 0; --left) {
        // Small numbers are ids, counts and widths that go further than others.
        bytes.push_back(static_cast<char>(random() % 2 == 0 ? random() % 16 : random()));
      }
      const auto rows = static_cast<std::uint32_t>(1 + random() % 40);
      expect_values_or_damage(bytes, GetParam(), rows, decoded);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DecodeMutation, ::testing::ValuesIn(testing::kAllPhysicals));

// A sound frame all the same, so that nothing but its size speaks against it.
TEST(DecodeBounds, ACompressedBlockMayNotExpandWithoutBound) {
  const std::string zeros(std::size_t{8} << 20, '\0');
  EXPECT_FALSE(compress(Compression::kZstandard, zeros));
  std::string frame(ZSTD_compressBound(zeros.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), zeros.data(), zeros.size(), 3));
  Arena arena;
  EXPECT_FALSE(decompress(Compression::kZstandard, std::as_bytes(std::span<const char>(frame)),
                          zeros.size(), arena));
}

// The last of equal values is null; with one row fewer it is not there.
TEST(DecodeBounds, ARowSetMayNotNameTheRowBehindTheLast) {
  for (const std::uint32_t rows : {64U, 100U, 128U}) {
    const std::vector<std::int64_t> sevens(rows + 1, 7);
    std::vector<std::uint64_t> validity(rows / 64 + 1, ~std::uint64_t{0});
    validity.back() = (std::uint64_t{1} << (rows % 64)) - 1;
    ColumnValues values;
    values.rows = rows + 1;
    values.int64s = sevens;
    values.validity = validity;
    std::string bytes;
    encode_block(values, {}, bytes);
    const auto span = std::as_bytes(std::span<const char>(bytes));
    DecodedBlock decoded;
    EXPECT_TRUE(decode_block(span, Physical::kInt64, rows + 1, decoded));
    const auto fewer = decode_block(span, Physical::kInt64, rows, decoded);
    ASSERT_FALSE(fewer) << rows;
    EXPECT_EQ(fewer.error().code, ErrorCode::kDamaged);
  }
}

// So many deltas around a constant 0, all of them sound.
Result<void> decode_nested(unsigned depth) {
  constexpr std::uint32_t kRows = 50;
  std::string bytes("\0\1\0", 3);
  for (unsigned i = 0; i < depth; ++i) {
    bytes += {static_cast<char>(CodecId::kDelta), '\0'};
  }
  bytes += static_cast<char>(CodecId::kConstant) + std::string(8, '\0');
  DecodedBlock decoded;
  return decode_block(std::as_bytes(std::span<const char>(bytes)), Physical::kInt64, kRows,
                      decoded);
}

TEST(DecodeBounds, NodesNestToTheLimitOnly) {
  EXPECT_TRUE(decode_nested(kMaxNodeDepth));
  EXPECT_FALSE(decode_nested(kMaxNodeDepth + 1));
}

}  // namespace
}  // namespace stave
