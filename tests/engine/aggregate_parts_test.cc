// The small parts of grouping: sketches, lists as text, order of groups, codes of values, and group
// numbers of keys wider than a word.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "engine/aggregate/group_index.h"
#include "engine/aggregate/group_order.h"
#include "engine/aggregate/hyper_log_log.h"
#include "engine/aggregate/json_list.h"
#include "engine/aggregate/result_vector.h"
#include "engine/aggregate/value_encoder.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

TEST(HyperLogLog, IsExactForFewAndWithinOnePercentForMany) {
  std::mt19937_64 random(7);
  for (const std::size_t count : {0U, 1U, 1000U, 16384U, 20000U, 100000U, 400000U, 3000000U}) {
    HyperLogLog whole;
    HyperLogLog parts[2];
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t hash = random();
      whole.add(hash);
      parts[hash % 2].add(hash);
      parts[i % 2].add(hash);
    }
    const auto estimate = static_cast<double>(whole.estimate());
    const auto exact = static_cast<double>(count);
    EXPECT_LE(std::abs(estimate - exact), count <= 16384 ? 0 : exact / 100) << count;
    parts[0].merge(parts[1]);
    EXPECT_EQ(parts[0].estimate(), whole.estimate()) << count;
  }
}

template <typename T>
Vector vector_of(Type type, Representation representation, std::vector<T> values,
                 std::size_t null_row) {
  ValidityBits validity(values.size());
  if (null_row < values.size()) validity.clear(null_row);
  return make_vector(type, representation, std::move(values), std::move(validity));
}

TEST(JsonList, WritesEveryType) {
  const auto text = vector_of<std::string_view>(kStringType, Representation::kString,
                                                {"a\"b\\", "", "x\n\x01"}, 1);
  EXPECT_EQ(json_list(text), R"(["a\"b\\",null,"x\n\u0001"])");
  EXPECT_EQ(json_list(vector_of<std::int64_t>(kInt64Type, Representation::kInt64, {-1, 2}, 9)),
            "[-1,2]");
  EXPECT_EQ(json_list(vector_of<std::int64_t>(decimal_type(9, 2), Representation::kInt64,
                                              {-5, 12345, 0}, 9)),
            "[-0.05,123.45,0.00]");
  EXPECT_EQ(json_list(vector_of<Int128>(decimal_type(38, 0), Representation::kInt128,
                                        {Int128{1} << 100}, 9)),
            "[1267650600228229401496703205376]");
  EXPECT_EQ(json_list(vector_of<std::int64_t>(kDateType, Representation::kInt64,
                                              {0, -1, 19782, -719468}, 9)),
            R"(["1970-01-01","1969-12-31","2024-02-29","0000-03-01"])");
  EXPECT_EQ(json_list(vector_of<std::int64_t>(kTimestampType, Representation::kInt64,
                                              {-1, 3'600'000'000}, 9)),
            R"(["1969-12-31 23:59:59.999999","1970-01-01 01:00:00"])");
  EXPECT_EQ(json_list(vector_of<double>(kFloat64Type, Representation::kFloat64, {0.1, 1e300}, 9)),
            "[0.1,1e+300]");
  EXPECT_EQ(json_list(vector_of<std::uint8_t>(kBoolType, Representation::kBool, {1, 0}, 9)),
            "[true,false]");
}

// Few and many, keys that fit into one integer and wider ones; codes that order as they are, null
// last, and by rank.
TEST(GroupOrder, ByEveryKeyInTurn) {
  std::mt19937 random(3);
  TestContext test(3);
  for (const std::uint32_t width : {3U, 1000U, 1U << 20, 1U << 30}) {
    for (const std::uint32_t groups : {0U, 1U, 200U, 5000U, 300'000U}) {
      std::vector<RankedKey> keys(3);
      std::vector<std::vector<std::uint32_t>> codes(keys.size());
      for (std::size_t key = 0; key < keys.size(); ++key) {
        keys[key].ranks_used = width;
        for (std::uint32_t group = 0; group < groups; ++group) {
          codes[key].push_back(static_cast<std::uint32_t>(random() % width));
        }
        keys[key].codes = codes[key];
      }
      if (width < 1U << 20) {
        keys[1].rank_of_code.resize(width);
        std::iota(keys[1].rank_of_code.rbegin(), keys[1].rank_of_code.rend(), 0U);
      }
      const auto order = order_groups(keys, groups, test.context);
      ASSERT_TRUE(order);
      const auto key_of = [&](std::uint32_t group) {
        std::array<std::uint64_t, 4> ranks{};
        for (std::size_t key = 0; key < keys.size(); ++key) {
          const std::uint32_t code = codes[key][group];
          const std::uint32_t by_code = code == 0 ? width - 1 : code - 1;
          ranks[key] = keys[key].rank_of_code.empty() ? by_code : width - 1 - code;
        }
        ranks[3] = group;
        return ranks;
      };
      ASSERT_EQ(order->size(), groups);
      for (std::size_t i = 1; i < groups; ++i) {
        ASSERT_LT(key_of((*order)[i - 1]), key_of((*order)[i])) << width << ' ' << groups;
      }
    }
  }
}

TEST(ValueEncoder, EqualFloatsHaveEqualCodesAndOrderByValue) {
  ColumnShape shape;
  shape.type = kFloat64Type;
  shape.representation = Representation::kFloat64;
  ValueEncoder encoder(shape);
  const double not_a_number = std::nan("");
  const auto values =
      vector_of<double>(kFloat64Type, Representation::kFloat64,
                        {0.0, -0.0, not_a_number, -not_a_number, -1.0, 5.0, 7.0}, 6);
  const std::uint32_t* codes = *encoder.encode(values);
  EXPECT_EQ(codes[0], codes[1]);
  EXPECT_EQ(codes[2], codes[3]);
  EXPECT_EQ(codes[6], 0U);
  std::uint32_t used = 0;
  const auto ranks = encoder.rank(std::span(codes, 7), used);
  EXPECT_EQ(ranks, (std::vector<std::uint32_t>{1, 1, 3, 3, 0, 2, 4}));
  EXPECT_EQ(used, 5U);
}

// Texts that begin alike, one of them no longer than that; interned integers of any width.
TEST(ValueEncoder, RanksAreTheOrderOfValues) {
  std::mt19937_64 random(4);
  const auto expect_ranks = [](const ColumnShape& shape, const Vector& vector, const auto& values) {
    ValueEncoder encoder(shape);
    const std::uint32_t* codes = *encoder.encode(vector);
    std::uint32_t used = 0;
    const auto ranks = encoder.rank(std::span(codes, values.size()), used);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_LT(ranks[i], used);
      for (std::size_t j = 0; j < values.size(); ++j) {
        EXPECT_EQ(ranks[i] < ranks[j], values[i] < values[j]) << i << ' ' << j;
      }
    }
  };
  for (int round = 0; round < 60; ++round) {
    const std::string common(random() % 12, 'x');
    std::vector<std::string> texts(1 + random() % 40);
    for (std::string& text : texts) {
      text = common;
      for (std::size_t left = random() % 12; left > 0; --left) {
        text.push_back("a\0\xff"[random() % 3]);
      }
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    ColumnShape shape;
    shape.type = kStringType;
    shape.representation = Representation::kString;
    expect_ranks(
        shape, make_vector(kStringType, Representation::kString, views, ValidityBits(views.size())),
        views);
    std::vector<std::int64_t> integers(texts.size());
    for (std::int64_t& value : integers) {
      value = static_cast<std::int64_t>(random()) >> random() % 64;
    }
    shape.type = kInt64Type;
    shape.representation = Representation::kInt64;
    expect_ranks(
        shape,
        make_vector(kInt64Type, Representation::kInt64, integers, ValidityBits(integers.size())),
        integers);
  }
}

TEST(ValueEncoder, NarrowIntegersAreShifted) {
  ColumnShape shape;
  shape.type = kInt64Type;
  shape.range = {{-3, 4}};
  ValueEncoder encoder(shape);
  EXPECT_TRUE(encoder.is_fixed());
  EXPECT_EQ(encoder.size(), 9U);
  const auto values = vector_of<std::int64_t>(kInt64Type, Representation::kInt64, {-3, 4, 0, 1}, 3);
  const std::uint32_t* codes = *encoder.encode(values);
  EXPECT_EQ(std::vector<std::uint32_t>(codes, codes + 4), (std::vector<std::uint32_t>{1, 8, 4, 0}));
  const Vector back = encoder.decode(std::span(codes, 4));
  EXPECT_EQ(back.values<std::int64_t>()[1], 4);
  EXPECT_EQ(back.validity[0] & 15U, 7U);
}

TEST(ValueEncoder, AdoptedCodesMeanTheSame) {
  ColumnShape shape;
  shape.type = kStringType;
  shape.representation = Representation::kString;
  ValueEncoder mine(shape);
  ValueEncoder theirs(shape);
  using Texts = std::vector<std::string_view>;
  (void)*mine.encode(vector_of(kStringType, Representation::kString, Texts{"b", "a"}, 9));
  (void)*theirs.encode(vector_of(kStringType, Representation::kString, Texts{"c", "a", "b"}, 9));
  EXPECT_EQ(*mine.adopt(theirs), (std::vector<std::uint32_t>{0, 3, 2, 1}));
}

// Five columns of 31 bits each need three words; an array is out of the question.
TEST(GroupIndex, KeysOfSeveralWords) {
  for (const GroupStrategy strategy : {GroupStrategy::kAutomatic, GroupStrategy::kHash}) {
    GroupIndex index(std::vector<std::uint32_t>(5, 1U << 30), 1 << 20, strategy);
    EXPECT_FALSE(index.is_array());
    std::vector<std::vector<std::uint32_t>> columns(5);
    constexpr std::uint32_t kRows = 3000;
    for (std::uint32_t row = 0; row < kRows; ++row) {
      for (std::uint32_t column = 0; column < 5; ++column) {
        columns[column].push_back((row % 1000) * (column + 1) * 1000003U % (1U << 30));
      }
    }
    std::vector<const std::uint32_t*> codes;
    for (const auto& column : columns) codes.push_back(column.data());
    const std::uint32_t* groups = index.find(codes, kRows);
    ASSERT_EQ(index.groups(), 1000U);
    for (std::uint32_t row = 0; row < kRows; ++row) {
      ASSERT_EQ(groups[row], row % 1000);
      for (std::size_t column = 0; column < 5; ++column) {
        ASSERT_EQ(index.key(groups[row], column), columns[column][row]);
      }
    }
  }
}

// Columns of unknown size widen the array until it would be too large; numbers stay.
TEST(GroupIndex, ArrayWidensThenBecomesHash) {
  GroupIndex index({0, 4}, 1 << 10, GroupStrategy::kAutomatic);
  std::vector<std::uint32_t> unknown;
  std::vector<std::uint32_t> known;
  for (std::uint32_t row = 0; row < 2000; ++row) {
    unknown = {row, row / 2, 0};
    known = {row % 4, row / 2 % 4, 0};
    const std::uint32_t* codes[] = {unknown.data(), known.data()};
    const std::uint32_t* groups = index.find(codes, 3);
    ASSERT_EQ(groups[0], row);
    ASSERT_EQ(groups[1], row / 2);
    ASSERT_EQ(groups[2], 0U);
    EXPECT_EQ(index.is_array(), row < 256);
  }
  index.seal();
  const std::uint32_t* codes[] = {unknown.data(), known.data()};
  EXPECT_EQ(index.find(codes, 1)[0], 2000U);
}

}  // namespace
}  // namespace stave
