// Some rows of a block, decoded alone, are what they are among all: every codec, every kind, with
// nulls and predictions.
#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "storage/column_file.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

using Random = std::mt19937_64;

std::vector<std::uint32_t> some_rows(std::uint32_t rows, std::uint64_t one_in, Random& random) {
  std::vector<std::uint32_t> some;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (random() % one_in == 0) some.push_back(row);
  }
  return some;
}

template <typename T>
void expect_same(const std::vector<T>& all, const std::vector<T>& picked,
                 const std::vector<std::uint32_t>& rows) {
  if (all.empty()) return;  // of another kind
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(picked[i], all[rows[i]]) << "row " << rows[i];
  }
}

void expect_picked(std::string_view block, Physical kind, std::uint32_t rows, Random& random,
                   const Prediction& prediction = {}) {
  const auto bytes = std::as_bytes(std::span<const char>(block));
  DecodedBlock all;
  const auto decoded = decode_block(bytes, kind, rows, all, prediction);
  ASSERT_TRUE(decoded) << decoded.error().message;
  for (const std::uint64_t one_in : {1U, 2U, 50U, 1000U}) {
    const auto wanted = some_rows(rows, one_in, random);
    DecodedBlock some;
    const auto picked = pick_block_beside(bytes, kind, {rows, wanted}, some, prediction);
    ASSERT_TRUE(picked) << picked.error().message;
    ASSERT_EQ(some.rows, wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ASSERT_EQ(is_valid(some.validity, static_cast<std::uint32_t>(i)),
                is_valid(all.validity, wanted[i]));
    }
    expect_same(all.codes, some.codes, wanted);
    expect_same(all.int64s, some.int64s, wanted);
    expect_same(all.int128s, some.int128s, wanted);
    expect_same(all.strings, some.strings, wanted);
    for (std::size_t i = 0; kind == Physical::kFloat64 && i < wanted.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(some.float64s[i]),
                std::bit_cast<std::uint64_t>(all.float64s[wanted[i]]));
    }
  }
}

class Pick : public ::testing::TestWithParam<Physical> {};

TEST_P(Pick, GivesWhatTheWholeBlockHolds) {
  Random random(41);
  for (const std::uint32_t rows : {1U, 100U, 2500U, kBlockRows}) {
    for (auto& sample : testing::column_samples(GetParam(), rows, random)) {
      for (const Effort effort : {Effort::kFast, Effort::kSmall}) {
        std::string block;
        const auto codecs = encode_block_naming_codecs(sample.values(), {effort}, block);
        SCOPED_TRACE(to_string(codecs) + ", " + std::to_string(rows) + " rows");
        expect_picked(block, GetParam(), rows, random);
        if (HasFatalFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Pick,
                         ::testing::Values(Physical::kCode, Physical::kInt64, Physical::kInt128,
                                           Physical::kFloat64, Physical::kString));

// Rows of a node made as the codec's own page says, whatever an encoder would choose.
std::string block_of(const std::string& node) {
  return std::string("\0\1\0", 3) + node;  // no compression, no nulls
}

TEST(PickOfCodec, SeesThroughEveryCodecThatPicks) {
  Random random(42);
  std::vector<std::uint32_t> codes(3000);
  std::vector<std::int64_t> times(3000);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] =
        static_cast<std::uint32_t>(random() % 9 == 0 ? random() % 100'000 : 3 + random() % 4);
    times[i] = static_cast<std::int64_t>((i % 700) * 60 + random() % 3) * 1'000'000;
  }
  for (const Codec& codec : all_codecs()) {
    if (codec.pick == nullptr || codec.id == CodecId::kRanked || codec.id == CodecId::kPredicted) {
      continue;
    }
    for (const Physical kind : {Physical::kCode, Physical::kInt64}) {
      if (!holds(codec.kinds, kind)) continue;
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
      expect_picked(block_of(node), kind, values.rows, random);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(PickOfCodec, LooksRanksUpInTheListOfTheirRun) {
  Random random(43);
  const std::vector<std::uint32_t> list{50, 20, 70, 10};
  const std::vector<std::uint32_t> ranks{0, 1, 2, 3, 4, 90, 1, 2, 3};
  const std::vector<RankedRun> runs{{4, list}, {3, {}}, {2, std::span(list).first(3)}};
  Prediction prediction;
  prediction.runs = runs;
  std::string node(1, static_cast<char>(CodecId::kRanked));
  NodeEncoder(node, Aim::kLight).write_node(std::span<const std::uint32_t>(ranks));
  expect_picked(block_of(node), Physical::kCode, 9, random, prediction);
}

TEST(PickOfCodec, TakesGuessesOfAllRowsOrOfTheWanted) {
  Random random(44);
  for (const std::uint32_t rows : {1U, 70U, 5000U}) {
    for (const std::uint64_t one_wrong_in : {2U, 30U, 1'000'000U}) {
      std::vector<std::uint32_t> guesses(rows);
      std::vector<std::uint32_t> codes(rows);
      for (std::uint32_t row = 0; row < rows; ++row) {
        guesses[row] = static_cast<std::uint32_t>(random() % 50);
        codes[row] =
            random() % one_wrong_in == 0 ? static_cast<std::uint32_t>(random() % 90) : guesses[row];
      }
      Prediction of_all;
      of_all.codes = guesses;
      std::string node;
      NodeEncoder encoder(node, Aim::kLight);
      NodeProfile profile(std::span<const std::uint32_t>(codes), Aim::kLight, &of_all);
      encoder.write_node_as(CodecId::kPredicted, profile);
      const std::string block = block_of(node);
      expect_picked(block, Physical::kCode, rows, random, of_all);
      if (HasFatalFailure()) return;
      const auto wanted = some_rows(rows, 7, random);
      std::vector<std::uint32_t> wanted_guesses;
      for (const std::uint32_t row : wanted) wanted_guesses.push_back(guesses[row]);
      Prediction of_wanted;
      of_wanted.codes = wanted_guesses;
      DecodedBlock some;
      const auto picked = pick_block_beside(std::as_bytes(std::span<const char>(block)),
                                            Physical::kCode, {rows, wanted}, some, of_wanted);
      ASSERT_TRUE(picked) << picked.error().message;
      expect_same(codes, some.codes, wanted);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace stave
