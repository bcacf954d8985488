// Blocks asked which rows pass a test, and for some rows given as bits, answer what the decoded
// values say: every codec, both kinds, with nulls and predictions, on every target.
#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <random>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "storage/codec/selection.h"
#include "storage/column_file.h"
#include "storage/kernel_dispatch.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

using Random = std::mt19937_64;

// Borders and lists at and around values that are there.
std::vector<ValueTest> some_tests(const std::vector<std::int64_t>& values,
                                  std::vector<std::int64_t>& list, Random& random) {
  const auto one = [&] { return values[random() % values.size()]; };
  std::vector<ValueTest> tests;
  for (int i = 0; i < 6; ++i) {
    ValueTest test;
    const std::int64_t value = one();
    const std::int64_t other = one();
    test.low = i == 1 ? INT64_MIN : std::min(value, other);
    test.high = i == 2 ? INT64_MAX : i == 3 ? test.low : std::max(value, other);
    if (i == 4 && test.low < INT64_MAX) ++test.low;
    if (i == 5 && test.high > INT64_MIN) --test.high;
    tests.push_back(test);
  }
  list.clear();
  for (int i = 0; i < 3; ++i) list.push_back(one());
  list.push_back(one() / 2 + 1);
  std::sort(list.begin(), list.end());
  ValueTest listed;
  listed.values = list;
  listed.low = list.front();
  listed.high = list.back();
  tests.push_back(listed);
  for (std::size_t i = tests.size(); i-- > 0;) {
    ValueTest negated = tests[i];
    negated.negated = true;
    tests.push_back(negated);
  }
  tests.emplace_back();
  tests.back().nulls = true;
  return tests;
}

void expect_tested(std::span<const std::byte> bytes, Physical kind, const DecodedBlock& all,
                   Random& random, const Prediction& prediction) {
  std::vector<std::int64_t> values(all.codes.begin(), all.codes.end());
  if (kind == Physical::kInt64) values = all.int64s;
  std::vector<std::int64_t> list;
  DecodedBlock room;
  for (const ValueTest& test : some_tests(values, list, random)) {
    room.scratch.reset();
    std::vector<std::uint64_t> bits(words_of(all.rows) + 1, ~std::uint64_t{0});
    const auto tested =
        test_block_beside(bytes, kind, all.rows, test, room, prediction, bits.data());
    ASSERT_TRUE(tested) << tested.error().message;
    for (std::uint32_t row = 0; row < all.rows; ++row) {
      const bool valid = is_valid(all.validity, row);
      const bool passes =
          test.nulls ? !valid : valid && holds_for(test, values[row]) != test.negated;
      ASSERT_EQ(bits[row / 64] >> row % 64 & 1, passes ? 1U : 0U)
          << "row " << row << " is " << values[row] << ", " << test.low << " .. " << test.high
          << (test.negated ? " negated" : "");
    }
    if (all.rows % 64 != 0) {
      ASSERT_EQ(bits[all.rows / 64] >> all.rows % 64, 0U);
    }
  }
}

void expect_kept(std::span<const std::byte> bytes, Physical kind, const DecodedBlock& all,
                 Random& random, const Prediction& prediction) {
  for (const std::uint64_t one_in : {1U, 2U, 20U, 1000U}) {
    std::vector<std::uint64_t> bits(words_of(all.rows) + 1);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < all.rows; ++row) {
      if (random() % one_in != 0) continue;
      bits[row / 64] |= std::uint64_t{1} << row % 64;
      rows.push_back(row);
    }
    DecodedBlock some;
    const auto kept = keep_block_beside(
        bytes, kind, {all.rows, bits.data(), static_cast<std::uint32_t>(rows.size())}, some,
        prediction);
    ASSERT_TRUE(kept) << kept.error().message;
    ASSERT_EQ(some.rows, rows.size());
    const auto expect_same = [&](const auto& from, const auto& found) {
      for (std::size_t i = 0; !from.empty() && i < rows.size(); ++i) {
        ASSERT_TRUE(found[i] == from[rows[i]]) << "row " << rows[i];
      }
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(is_valid(some.validity, static_cast<std::uint32_t>(i)),
                is_valid(all.validity, rows[i]));
    }
    expect_same(all.codes, some.codes);
    expect_same(all.int64s, some.int64s);
    expect_same(all.int128s, some.int128s);
    expect_same(all.strings, some.strings);
    for (std::size_t i = 0; kind == Physical::kFloat64 && i < rows.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(some.float64s[i]),
                std::bit_cast<std::uint64_t>(all.float64s[rows[i]]));
    }
  }
}

void expect_answers(std::string_view block, Physical kind, std::uint32_t rows, Random& random,
                    const Prediction& prediction = {}) {
  const auto bytes = std::as_bytes(std::span<const char>(block));
  DecodedBlock all;
  const auto decoded = decode_block(bytes, kind, rows, all, prediction);
  ASSERT_TRUE(decoded) << decoded.error().message;
  expect_kept(bytes, kind, all, random, prediction);
  if (kind == Physical::kCode || kind == Physical::kInt64) {
    expect_tested(bytes, kind, all, random, prediction);
  }
}

class Selection : public ::testing::TestWithParam<Physical> {};

TEST_P(Selection, AnswersWhatTheWholeBlockHolds) {
  Random random(51);
  for (const std::uint32_t rows : {1U, 64U, 100U, 2500U, kBlockRows}) {
    for (auto& sample : testing::column_samples(GetParam(), rows, random)) {
      for (const Effort effort : {Effort::kFast, Effort::kSmall}) {
        std::string block;
        const auto codecs = encode_block_naming_codecs(sample.values(), {effort}, block);
        SCOPED_TRACE(sample.name + ", " + to_string(codecs) + ", " + std::to_string(rows) +
                     " rows");
        expect_answers(block, GetParam(), rows, random);
        if (HasFatalFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Selection,
                         ::testing::Values(Physical::kCode, Physical::kInt64, Physical::kInt128,
                                           Physical::kFloat64, Physical::kString));

// Rows of a node made as the codec's own page says, whatever an encoder would choose.
std::string block_of(const std::string& node) {
  return std::string("\0\1\0", 3) + node;  // no compression, no nulls
}

void try_every_codec(Random& random) {
  std::vector<std::uint32_t> codes(5000);
  std::vector<std::int64_t> times(5000);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] =
        static_cast<std::uint32_t>(random() % 9 == 0 ? random() % 100'000 : 3 + random() % 4);
    times[i] = static_cast<std::int64_t>((i % 700) * 60 + random() % 3) * 1'000'000;
  }
  for (const Codec& codec : all_codecs()) {
    for (const Physical kind : {Physical::kCode, Physical::kInt64}) {
      if (!holds(codec.kinds, kind) || codec.id == CodecId::kRanked ||
          codec.id == CodecId::kPredicted) {
        continue;
      }
      SCOPED_TRACE(std::string(codec.name));
      const std::vector<std::uint32_t> same_codes(codes.size(), 7);
      const std::vector<std::int64_t> same_times(times.size(), 7);
      const bool same = codec.id == CodecId::kConstant;
      const NodeValues values =
          kind == Physical::kCode
              ? NodeValues(std::span<const std::uint32_t>(same ? same_codes : codes))
              : NodeValues(std::span<const std::int64_t>(same ? same_times : times));
      std::string node;
      NodeEncoder encoder(node, Aim::kLight);
      NodeProfile profile(values, Aim::kLight);
      if (!codec.estimate(profile)) continue;
      encoder.write_node_as(codec.id, profile);
      expect_answers(block_of(node), kind, values.rows, random);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(SelectionOfCodec, SeesThroughEveryCodecOnEveryTarget) {
  Random random(52);
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    try_every_codec(random);
  }
  use_kernel_targets(0);
}

TEST(SelectionOfCodec, PackedValuesOfEveryWidthAndFrame) {
  Random random(53);
  for (unsigned width = 0; width <= 64; ++width) {
    for (const std::int64_t base : {std::int64_t{0}, std::int64_t{-1'000'000}, INT64_MIN}) {
      std::vector<std::int64_t> values(1100);
      const std::uint64_t mask = width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width);
      for (std::int64_t& value : values) {
        const std::uint64_t step = random() & mask;
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                          (width < 50 ? step * 7 : step));
      }
      std::string node;
      NodeEncoder encoder(node, Aim::kLight);
      NodeProfile profile(std::span<const std::int64_t>(values), Aim::kLight);
      encoder.write_node_as(CodecId::kPacked, profile);
      SCOPED_TRACE("width " + std::to_string(width) + " from " + std::to_string(base));
      expect_answers(block_of(node), Physical::kInt64, 1100, random);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(SelectionOfCodec, LooksRanksUpInTheListOfTheirRun) {
  Random random(54);
  const std::vector<std::uint32_t> list{50, 20, 70, 10};
  const std::vector<std::uint32_t> ranks{0, 1, 2, 3, 4, 90, 1, 2, 3};
  const std::vector<RankedRun> runs{{4, list}, {3, {}}, {2, std::span(list).first(3)}};
  Prediction prediction;
  prediction.runs = runs;
  std::string node(1, static_cast<char>(CodecId::kRanked));
  NodeEncoder(node, Aim::kLight).write_node(std::span<const std::uint32_t>(ranks));
  expect_answers(block_of(node), Physical::kCode, 9, random, prediction);
}

TEST(SelectionKernels, MoveBitsAsTheirScalarTwinsOnEveryTarget) {
  Random random(55);
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    use_kernel_targets(targets & -targets);
    for (std::size_t words = 1; words < 40; ++words) {
      std::vector<std::uint64_t> mask(words);
      std::vector<std::uint64_t> bits(words);
      std::size_t set = 0;
      for (std::size_t i = 0; i < words; ++i) {
        const std::uint64_t dense = random() | random();
        mask[i] = random() % 4 == 0 ? ~std::uint64_t{0} : random() % 4 == 0 ? 0 : dense;
        bits[i] = random();
        set += static_cast<std::size_t>(std::popcount(mask[i]));
      }
      std::vector<std::uint64_t> part(words + 2);
      compress_bits(bits.data(), mask.data(), words, part.data());
      std::vector<std::uint64_t> back(words);
      expand_bits(part.data(), mask.data(), words, back.data());
      std::size_t place = 0;
      for (std::size_t i = 0; i < words; ++i) {
        ASSERT_EQ(back[i], bits[i] & mask[i]);
        ASSERT_EQ(scalar::expand_word(scalar::compress_word(bits[i], mask[i]), mask[i]),
                  bits[i] & mask[i]);
        for (std::uint64_t rest = mask[i]; rest != 0; rest &= rest - 1, ++place) {
          ASSERT_EQ(part[place / 64] >> place % 64 & 1, bits[i] >> std::countr_zero(rest) & 1);
        }
      }
      ASSERT_EQ(place, set);
      if (set % 64 != 0) {
        ASSERT_EQ(part[set / 64] >> set % 64, 0U);
      }
    }
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
