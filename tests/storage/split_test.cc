// Codecs that deal rows to two nodes: what makes them worth it, what damage they refuse, and the
// kernel beside its scalar twin.
#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "storage/block_summary.h"
#include "storage/codec/codec.h"
#include "storage/codec/deal.h"
#include "storage/codec/part.h"
#include "storage/codec/profile.h"
#include "storage/kernel_dispatch.h"

namespace stave {
namespace {

using Bytes = std::vector<int>;

// A block of nothing but these bytes: no compression, no nulls.
std::string block_of(const Bytes& node) {
  std::string block("\0\1\0", 3);
  for (const int byte : node) {
    block.push_back(static_cast<char>(byte));
  }
  return block;
}

Result<void> decode(const std::string& block, std::uint32_t rows, DecodedBlock& out) {
  return decode_block(std::as_bytes(std::span<const char>(block)), Physical::kCode, rows, out);
}

std::string damage_of(const Bytes& node, std::uint32_t rows) {
  DecodedBlock decoded;
  const auto result = decode(block_of(node), rows, decoded);
  return result ? "" : result.error().message;
}

bool is_about(const std::string& message, const std::string& words) {
  return message.find(words) != std::string::npos;
}

// With the codec as the root, whatever the choice would be.
std::string encode_as(CodecId codec, const std::vector<std::uint32_t>& codes) {
  std::string block("\0\1\0", 3);
  NodeEncoder encoder(block, Aim::kLight);
  const NodeProfile profile{std::span(codes), Aim::kLight};
  encoder.write_node_as(codec, profile);
  return block;
}

TEST(Split, RefusesBitsThatCannotBe) {
  const Bytes none{0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x05};
  EXPECT_TRUE(is_about(damage_of(none, 3), "on one side only"));
  const Bytes all{0x11, 0x00, 0x07, 0x03, 0x00, 0x01, 0x05};
  EXPECT_TRUE(is_about(damage_of(all, 3), "on one side only"));
  const Bytes beyond{0x11, 0x00, 0x09, 0x03, 0x00, 0x01, 0x05, 0x03, 0x00, 0x01, 0x01};
  EXPECT_TRUE(is_about(damage_of(beyond, 3), "a row that is not there"));
  EXPECT_TRUE(is_about(damage_of({0x11, 0x00, 0x01}, 10), "cut short"));
}

TEST(Split, RanksTakeNoMoreThanTheyNeed) {
  // A value of w bits is as likely as one of any other width: packing gives all of them ten.
  std::mt19937_64 random(5);
  std::vector<std::uint32_t> codes(kBlockRows);
  for (std::uint32_t& code : codes) {
    code = static_cast<std::uint32_t>(random() % (std::uint64_t{1} << random() % 11));
  }
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = kBlockRows;
  values.codes = codes;
  std::string chosen;
  encode_block(values, {}, chosen);
  EXPECT_EQ(chosen[3], static_cast<char>(CodecId::kSplit));
  EXPECT_LT(static_cast<double>(chosen.size()), 0.8 * kBlockRows * 10 / 8);
}

TEST(Repeats, RefusesRowsThatLeadNowhere) {
  const Bytes first{0x12, 0x00, 0x01, 0x03, 0x00, 0x01, 0x01, 0x03, 0x00, 0x00};
  EXPECT_TRUE(is_about(damage_of(first, 2), "before the first"));
  EXPECT_TRUE(is_about(damage_of({0x12, 0x00, 0x03, 0x03, 0x00, 0x00}, 2), "Every row repeats"));
  // Row 1 would have the code of row -1.
  const Bytes before{0x12, 0x00, 0x02, 0x03, 0x00, 0x01, 0x01, 0x03, 0x01, 0x00};
  EXPECT_TRUE(is_about(damage_of(before, 2), "before the first"));
  EXPECT_TRUE(is_about(damage_of({0x12, 0x00, 0x02}, 10), "cut short"));
}

TEST(Repeats, ListenersOfOneSongAfterAnotherShrink) {
  std::mt19937_64 random(6);
  std::vector<std::uint32_t> codes;
  for (std::uint32_t row = 0; row < kBlockRows; ++row) {
    const std::size_t back = 1 + random() % 30;
    const bool again = random() % 10 < 6 && back <= codes.size();
    codes.push_back(again ? codes[codes.size() - back]
                          : static_cast<std::uint32_t>(random() % 1'000'000));
  }
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = kBlockRows;
  values.codes = codes;
  std::string chosen;
  encode_block(values, {}, chosen);
  EXPECT_EQ(chosen[3], static_cast<char>(CodecId::kRepeats));
  EXPECT_LT(static_cast<double>(chosen.size()), 0.7 * kBlockRows * 20 / 8);
  DecodedBlock decoded;
  ASSERT_TRUE(decode(chosen, kBlockRows, decoded));
  EXPECT_EQ(decoded.codes, codes);
}

TEST(Repeats, ARepeatOfARepeatFromTheFirstRowToTheLast) {
  std::vector<std::uint32_t> codes(1000);
  for (std::uint32_t row = 0; row < codes.size(); ++row) {
    codes[row] = 5000 + row % 3;
  }
  DecodedBlock decoded;
  ASSERT_TRUE(decode(encode_as(CodecId::kRepeats, codes), 1000, decoded));
  EXPECT_EQ(decoded.codes, codes);
}

TEST(Ascents, TimesOfClusterRunsTakeTheirStepsOnly) {
  std::mt19937_64 random(7);
  std::vector<std::int64_t> times;
  for (std::uint32_t row = 0; row < kBlockRows; ++row) {
    const std::int64_t before = row % 2048 == 0 ? 1'746'057'600'000'000 : times.back();
    times.push_back(before + static_cast<std::int64_t>(random() % 64) * 1'000'000);
  }
  ColumnValues values;
  values.rows = kBlockRows;
  values.int64s = times;
  std::string chosen;
  encode_block(values, {}, chosen);
  EXPECT_EQ(chosen[3], static_cast<char>(CodecId::kAscents));
  EXPECT_LT(static_cast<double>(chosen.size()), kBlockRows * 6.1 / 8);
  DecodedBlock decoded;
  ASSERT_TRUE(decode_block(std::as_bytes(std::span<const char>(chosen)), Physical::kInt64,
                           kBlockRows, decoded));
  EXPECT_EQ(decoded.int64s, times);
}

TEST(Ascents, RefuseWhatDoesNotBegin) {
  DecodedBlock decoded;
  const auto damage = [&](const Bytes& node) {
    const std::string block = block_of(node);
    const auto result =
        decode_block(std::as_bytes(std::span<const char>(block)), Physical::kInt64, 2, decoded);
    return result ? "" : result.error().message;
  };
  EXPECT_TRUE(is_about(damage({0x13, 0x00, 0x01, 0x00}), "multiplied by"));
  EXPECT_TRUE(is_about(damage({0x13, 0x01, 0x01, 0x00}), "begins with the first row"));
  EXPECT_TRUE(is_about(damage({0x13, 0x01, 0x00, 0x02}), "begins with the first row"));
}

// Small numbers and large ones, some of them again and again.
std::vector<std::uint32_t> draw_codes() {
  const auto small = rc::gen::inRange<std::uint32_t>(0, 20);
  const auto any = rc::gen::arbitrary<std::uint32_t>();
  const auto size = *rc::gen::inRange<std::size_t>(64, 3000);
  return *rc::gen::container<std::vector<std::uint32_t>>(
      size, rc::gen::weightedOneOf<std::uint32_t>({{3, small}, {1, any}}));
}

RC_GTEST_PROP(SplitProperty, AnyCodesComeBackFromEither, ()) {
  const std::vector<std::uint32_t> codes = draw_codes();
  const NodeProfile profile{std::span(codes), Aim::kLight};
  for (const CodecId codec : {CodecId::kSplit, CodecId::kRepeats}) {
    if (!codec_of(codec).estimate(profile)) {
      continue;
    }
    DecodedBlock decoded;
    RC_ASSERT(decode(encode_as(codec, codes), profile.rows(), decoded).has_value());
    RC_ASSERT(decoded.codes == codes);
  }
}

class DealOnEachTarget : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { use_kernel_targets(GetParam()); }
  void TearDown() override { use_kernel_targets(0); }
};

template <typename T>
void expect_deals_as_scalar_twin() {
  std::mt19937_64 random(8);
  for (std::uint32_t rows = 1; rows < 300; rows += rows < 80 ? 1 : 37) {
    std::vector<std::uint64_t> bits((rows + 63) / 64);
    for (std::uint64_t& word : bits) {
      // Few, about half, many and all of the rows.
      const std::uint64_t draws[] = {random() & random(), random(), random() | random() | random(),
                                     ~std::uint64_t{0}};
      word = draws[random() % 4];
    }
    std::vector<T> zeros(rows + kDealRoom);
    std::vector<T> ones(rows + kDealRoom);
    for (std::uint32_t i = 0; i < rows; ++i) {
      zeros[i] = static_cast<T>(i);
      ones[i] = static_cast<T>(1'000'000 + i);
    }
    std::vector<T> wanted(rows);
    std::vector<T> dealt(rows);
    deal_scalar(bits.data(), 0, rows, zeros.data(), ones.data(), wanted.data());
    deal(bits.data(), rows, zeros.data(), ones.data(), dealt.data());
    ASSERT_EQ(dealt, wanted) << rows;
    const T usual = std::numeric_limits<T>::max();
    spread_scalar(bits.data(), 0, rows, usual, ones.data(), wanted.data());
    spread(bits.data(), rows, usual, ones.data(), dealt.data());
    ASSERT_EQ(dealt, wanted) << rows;
    wanted = dealt = std::vector<T>(zeros.begin(), zeros.begin() + rows);
    patch_scalar(bits.data(), 0, rows, ones.data(), wanted.data());
    patch(bits.data(), rows, ones.data(), dealt.data());
    ASSERT_EQ(dealt, wanted) << rows;
  }
}

TEST_P(DealOnEachTarget, EqualsItsScalarTwin) {
  expect_deals_as_scalar_twin<std::uint32_t>();
  expect_deals_as_scalar_twin<std::int64_t>();
}

template <typename T>
void expect_parted(std::span<const T> values, T limit) {
  const Parts<T> parts = part(values, limit);
  std::vector<T> low;
  std::vector<T> high;
  std::vector<std::uint64_t> bits((values.size() + 63) / 64);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_above = values[i] > limit;
    (is_above ? high : low).push_back(values[i]);
    bits[i / 64] |= std::uint64_t{is_above} << i % 64;
  }
  EXPECT_TRUE(std::ranges::equal(parts.low(), low));
  EXPECT_TRUE(std::ranges::equal(parts.high(), high));
  EXPECT_TRUE(std::ranges::equal(parts.bits(), bits));
  Parts<T> other = part(values, limit);
  other.invert_bits();
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(other.bits()[i / 64] >> i % 64 & 1, 1 - (bits[i / 64] >> i % 64 & 1));
  }
}

TEST_P(DealOnEachTarget, PartsAsOneByOne) {
  std::mt19937_64 random(11);
  for (const std::size_t size : {1U, 7U, 16U, 63U, 64U, 65U, 130U, 1000U, 16384U}) {
    std::vector<std::uint32_t> codes(size);
    std::vector<std::int64_t> numbers(size);
    for (std::size_t i = 0; i < size; ++i) {
      codes[i] = static_cast<std::uint32_t>(random());
      numbers[i] = static_cast<std::int64_t>(random());
    }
    for (const std::uint32_t limit : {0U, 1U << 31, 0xF0000000U, ~0U}) {
      expect_parted<std::uint32_t>(codes, limit);
    }
    for (const std::int64_t limit : {std::int64_t{-1} << 62, std::int64_t{0}, numbers[0]}) {
      expect_parted<std::int64_t>(numbers, limit);
    }
  }
}

std::vector<std::int64_t> supported_targets() {
  std::vector<std::int64_t> targets;
  const std::int64_t all = machine_targets() & HWY_TARGETS;
  for (int bit = 0; bit < 63; ++bit) {
    if ((all >> bit & 1) != 0) {
      targets.push_back(std::int64_t{1} << bit);
    }
  }
  return targets;
}

INSTANTIATE_TEST_SUITE_P(Targets, DealOnEachTarget, testing::ValuesIn(supported_targets()),
                         [](const testing::TestParamInfo<std::int64_t>& target) {
                           return std::string(hwy::TargetName(target.param));
                         });

}  // namespace
}  // namespace stave
