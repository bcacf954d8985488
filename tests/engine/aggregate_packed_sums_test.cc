// Sums that share a word: each is what adding row by row gives, up to the last row a word has room
// for; and groupings that use them agree with those that do not.
#include "engine/aggregate/packed_sums.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/aggregate/grouping.h"
#include "engine/aggregate/result_vector.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

Vector integers(std::vector<std::int64_t> values) {
  ValidityBits validity(values.size());
  return make_vector(kInt64Type, Representation::kInt64, std::move(values), std::move(validity));
}

TEST(PackedSums, FillsWordsToTheirLastRow) {
  using Wanted = std::optional<PackableSum>;
  // A count, three that share its word, one that must be shown its rows, two for a second word.
  const std::vector<Wanted> wanted = {PackableSum{0, true},     PackableSum{5, true},
                                      PackableSum{15, false},   std::nullopt,
                                      PackableSum{1000, false}, PackableSum{31, false}};
  const std::vector<std::size_t> argument_of = {0, 0, 1, 2, 2, 3};
  const std::vector<std::int64_t> most = {5, 15, 1000, 31};
  constexpr std::uint32_t kRows = 3000;
  for (const std::size_t groups : {1U, 2U, 7U, 1500U}) {
    std::vector<PackedSums> words = PackedSums::plan(groups, wanted, argument_of);
    ASSERT_EQ(words.size(), 2u);
    EXPECT_EQ(words[0].sums().size(), 3u);
    EXPECT_EQ(words[1].sums().size(), 2u);
    std::vector<Vector> arguments;
    for (const std::int64_t value : most) {
      arguments.push_back(integers(std::vector<std::int64_t>(kRows, value)));
    }
    for (PackedSums& word : words) {
      std::mt19937 random(3);
      std::vector<std::uint64_t> rows_of(groups);
      while (word.rows() < word.most_rows()) {
        const auto rows = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(kRows, word.most_rows() - word.rows()));
        std::vector<std::uint32_t> to(rows);
        for (std::uint32_t& group : to) {
          group = static_cast<std::uint32_t>(random() % 3 == 0 ? random() % groups : 0);
          ++rows_of[group];
        }
        word.add(to.data(), rows, arguments);
      }
      const auto sums = word.words();
      for (std::size_t group = 0; group < groups; ++group) {
        EXPECT_EQ(word.count_field().of(sums[group]),
                  word.count_field().mask == 0 ? 0 : rows_of[group]);
        for (const PackedSums::Sum& sum : word.sums()) {
          EXPECT_EQ(sum.field.of(sums[group]), sum.most * rows_of[group]);
        }
      }
      word.clear();
      EXPECT_EQ(word.rows(), 0u);
      EXPECT_EQ(word.words()[0], 0u);
    }
  }
}

TEST(PackedSums, IsLeftWhereItIsNoUse) {
  using Wanted = std::optional<PackableSum>;
  const std::vector<std::size_t> argument_of = {0};
  EXPECT_TRUE(PackedSums::plan(10, std::vector<Wanted>{std::nullopt}, argument_of).empty());
  const std::vector<Wanted> wide = {PackableSum{std::uint64_t{1} << 60, false}};
  EXPECT_TRUE(PackedSums::plan(10, wide, argument_of).empty());
  const std::vector<Wanted> narrow = {PackableSum{5, false}};
  EXPECT_FALSE(PackedSums::plan(10, narrow, argument_of).empty());
  EXPECT_TRUE(PackedSums::plan(std::size_t{1} << 20, narrow, argument_of).empty());
}

TEST(PackedSums, WhatNeedsCountsSharesTheirWordOrNone) {
  using Wanted = std::optional<PackableSum>;
  const std::vector<Wanted> wanted = {PackableSum{(1U << 20) - 1, false}, PackableSum{31, true},
                                      PackableSum{31, false}, PackableSum{31, false}};
  const auto words = PackedSums::plan(1, wanted, std::vector<std::size_t>{0, 1, 2, 3});
  ASSERT_EQ(words.size(), 2u);
  ASSERT_EQ(words[1].sums().size(), 2u);
  EXPECT_EQ(words[1].sums()[0].accumulator, 2u);
}

AggregateCall call_of(AggregateFunction function, Type type, std::size_t arguments) {
  AggregateCall call;
  call.function = function;
  call.type = type;
  call.arguments.resize(arguments);
  call.name = "x";
  return call;
}

// Rows in no order and in runs, on two threads, more of them than words have room for.
TEST(PackedSums, GroupingsAgreeWithGroupsByHash) {
  using enum AggregateFunction;
  const std::vector<AggregateCall> calls = {
      call_of(kCount, kInt64Type, 0), call_of(kSum, kInt64Type, 1),
      call_of(kAverage, kFloat64Type, 1), call_of(kSum, kInt64Type, 1)};
  GroupingLayout layout;
  layout.calls = &calls;
  layout.row_keys = 1;
  layout.most_slots = 1 << 20;
  for (const std::int64_t most : {40, 3, 100, 7}) {  // the key, then arguments
    ColumnShape shape;
    shape.type = kInt64Type;
    shape.representation = Representation::kInt64;
    shape.may_be_null = false;
    shape.range = {most == 100 ? -most : 0, most};
    layout.shapes.push_back(shape);
  }
  TestContext test;
  std::vector<std::vector<std::vector<std::int64_t>>> results;
  for (const std::uint64_t most_places : {std::uint64_t{1000}, std::uint64_t{0}}) {
    layout.most_places = most_places;
    std::vector<std::unique_ptr<Grouping>> groupings;
    for (int i = 0; i < 2; ++i) groupings.push_back(*Grouping::make(layout, test.context));
    std::mt19937 random(9);
    for (int turn = 0; turn < 40; ++turn) {
      constexpr std::size_t kRows = 16384;
      Batch batch;
      batch.rows = kRows;
      for (const ColumnShape& shape : layout.shapes) {
        std::vector<std::int64_t> values(kRows);
        const bool in_runs = batch.columns.empty() && turn % 5 == 4;
        for (std::size_t row = 0; row < kRows; ++row) {
          const auto spread = static_cast<std::uint64_t>(shape.range->second - shape.range->first);
          const std::uint64_t drawn = in_runs ? row / 1000 : random();
          values[row] = shape.range->first + static_cast<std::int64_t>(drawn % (spread + 1));
          if (batch.columns.empty() && values[row] == 11) values[row] = 12;  // a place not met
        }
        batch.columns.push_back(integers(std::move(values)));
      }
      ASSERT_TRUE(groupings[static_cast<std::size_t>(turn % 2)]->add(batch));
    }
    ASSERT_TRUE(groupings[0]->merge(*groupings[1]));
    ASSERT_TRUE(groupings[0]->complete());
    Grouping& all = *groupings[0];
    ASSERT_EQ(all.groups(), 40u);
    const std::vector<std::uint32_t>& codes = all.key_codes(0);
    std::vector<std::uint32_t> order(all.groups());
    for (std::uint32_t i = 0; i < all.groups(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::uint32_t group) { return codes[group]; });
    auto& result = results.emplace_back();
    for (std::size_t call = 0; call < calls.size(); ++call) {
      const Vector values = *all.finish(call, order);
      const auto* bits = values.values<std::int64_t>();
      result.emplace_back(bits, bits + values.size);
    }
  }
  EXPECT_EQ(results[0], results[1]);
}

}  // namespace
}  // namespace stave
