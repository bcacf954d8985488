// Sort, top and limit: by hand, and against a plain stable sort for any threads and batches.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>

#include "engine/operators/operators.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> sorted(Relation input, std::vector<SortKey> keys) {
  TestContext test;
  TestContext spilling(1, 0, 2);
  const std::vector<Field> fields = input.fields;
  SortNode node;
  node.keys = std::move(keys);
  const auto on_disk = run_sort(node, fields, input, spilling.context);
  EXPECT_TRUE(on_disk) << on_disk.error().message;
  const auto output = run_sort(node, fields, std::move(input), test.context);
  EXPECT_TRUE(output) << output.error().message;
  if (on_disk && output) {
    EXPECT_EQ(rows_of(*on_disk), rows_of(*output));
  }
  return output ? rows_of(*output) : std::vector<std::string>();
}

TEST(Sort, NullsComeLastAscendingAndDescending) {
  SmallTables tables;
  const Relation input = tables.make("a:i64 b:str", {"2 x", "- y", "-5 z", "7 _"}, 3);
  EXPECT_THAT(sorted(input, {{column(input, "a"), false}}),
              ElementsAre("-5 z", "2 x", "7 _", "- y"));
  EXPECT_THAT(sorted(input, {{column(input, "a"), true}}),
              ElementsAre("7 _", "2 x", "-5 z", "- y"));
}

TEST(Sort, CodesSortByTheirValuesAndNotByTheirArrival) {
  SmallTables tables;
  const Relation input =
      tables.make("t:code@t n:int@n", {"pop 9", "folk 100", "_ -3", "- -", "rock 9"}, 2);
  EXPECT_THAT(sorted(input, {{column(input, "t"), false}}),
              ElementsAre("_ -3", "folk 100", "pop 9", "rock 9", "- -"));
  EXPECT_THAT(sorted(input, {{column(input, "n"), true}}),
              ElementsAre("folk 100", "pop 9", "rock 9", "_ -3", "- -"));
}

TEST(Sort, IsStableAndTakesKeysInTurn) {
  SmallTables tables;
  const Relation input = tables.make(
      "s:str d:D2 i:i64", {"b 1 1", "a 2 2", "b 1 3", "a -2 4", "abcdefghij 0 5", "abcdefghi 0 6"});
  EXPECT_THAT(sorted(input, {{column(input, "s"), false}, {column(input, "d"), false}}),
              ElementsAre("a -2 4", "a 2 2", "abcdefghi 0 6", "abcdefghij 0 5", "b 1 1", "b 1 3"));
}

TEST(Sort, OrdersFloatsByValueWithNotANumberAboveAll) {
  SmallTables tables;
  const Relation input =
      tables.make("f:f64 i:i64", {"nan 1", "-1.5 2", "0 3", "-0 4", "inf 5", "- 6", "-inf 7"});
  EXPECT_THAT(sorted(input, {{column(input, "f"), false}}),
              ElementsAre("-inf 7", "-1.5 2", "0 3", "-0 4", "inf 5", "nan 1", "- 6"));
}

TEST(Sort, HandlesTheWholeRangeOfIntegers) {
  SmallTables tables;
  const Relation input = tables.make(
      "i:i64 d:D2", {"9223372036854775807 -99999999999999999999999999999999999999",
                     "-9223372036854775808 99999999999999999999999999999999999999", "- -", "0 0"});
  EXPECT_THAT(sorted(input, {{column(input, "i"), false}}),
              ElementsAre("-9223372036854775808 99999999999999999999999999999999999999", "0 0",
                          "9223372036854775807 -99999999999999999999999999999999999999", "- -"));
  EXPECT_THAT(sorted(input, {{column(input, "d"), true}}),
              ElementsAre("-9223372036854775808 99999999999999999999999999999999999999", "0 0",
                          "9223372036854775807 -99999999999999999999999999999999999999", "- -"));
}

std::string cell(const std::optional<int>& value) {
  return value ? std::to_string(*value) : "-";
}

struct RandomRow {
  std::optional<int> a;
  std::optional<int> b;
  int id = 0;
};

std::vector<RandomRow> random_rows(std::size_t count, unsigned seed, int values) {
  std::mt19937 random(seed);
  const auto value = [&]() -> std::optional<int> {
    const int drawn = static_cast<int>(random() % static_cast<unsigned>(values + 1));
    return drawn == values ? std::nullopt : std::optional(drawn - values / 2);
  };
  std::vector<RandomRow> rows;
  for (std::size_t row = 0; row < count; ++row) {
    rows.push_back({value(), value(), static_cast<int>(row)});
  }
  return rows;
}

std::string text_of(const RandomRow& row) {
  return cell(row.a) + " " + cell(row.b) + " " + std::to_string(row.id);
}

std::vector<std::string> texts_of(const std::vector<RandomRow>& rows) {
  std::vector<std::string> texts;
  for (const RandomRow& row : rows) {
    texts.push_back(text_of(row));
  }
  return texts;
}

int order(const std::optional<int>& left, const std::optional<int>& right, bool descending) {
  if (!left || !right) {
    return static_cast<int>(!left) - static_cast<int>(!right);
  }
  return (*left - *right) * (descending ? -1 : 1);
}

RC_GTEST_PROP(Sort, EqualsAStableSortForAnyThreadsAndBatches, ()) {
  const auto seed = *rc::gen::arbitrary<unsigned>();
  const auto count = *rc::gen::inRange<std::size_t>(0, 300);
  const bool descending = *rc::gen::arbitrary<bool>();
  std::vector<RandomRow> rows = random_rows(count, seed, *rc::gen::inRange(1, 40));
  SmallTables tables;
  Relation input = tables.make("a:int@a b:i64 id:i64", texts_of(rows), *rc::gen::inRange(1U, 50U));
  TestContext test(*rc::gen::inRange(1, 5), *rc::gen::inRange(1U, 40U),
                   *rc::gen::element<std::uint64_t>(0, 1, 20));
  SortNode node;
  node.keys = {{column(input, "a"), descending}, {column(input, "b"), !descending}};
  const std::vector<Field> fields = input.fields;
  const auto output = run_sort(node, fields, std::move(input), test.context);
  std::stable_sort(rows.begin(), rows.end(), [&](const RandomRow& left, const RandomRow& right) {
    const int by_a = order(left.a, right.a, descending);
    return by_a != 0 ? by_a < 0 : order(left.b, right.b, !descending) < 0;
  });
  RC_ASSERT(output);
  RC_ASSERT(output->rows == count);
  RC_ASSERT(rows_of(*output) == texts_of(rows));
}

TEST(Sort, SortsManyRowsByRadixAndInPieces) {
  std::vector<RandomRow> rows = random_rows(150000, 7, 5000);
  SmallTables tables;
  Relation input = tables.make("a:i64 b:i64 id:i64", texts_of(rows), 10000);
  SortNode node;
  node.keys = {{column(input, "a"), false}};
  std::stable_sort(rows.begin(), rows.end(), [](const RandomRow& left, const RandomRow& right) {
    return order(left.a, right.a, false) < 0;
  });
  for (const int threads : {1, 4}) {
    TestContext test(threads);
    const auto output = run_sort(node, input.fields, input, test.context);
    ASSERT_TRUE(output);
    EXPECT_EQ(rows_of(*output), texts_of(rows));
  }
}

// Two keys of 25 bits, and of 40, leave no room for the row's number in 64 bits.
TEST(Sort, SortsManyRowsByKeysOfAWordAndMore) {
  for (const unsigned bits : {25U, 40U}) {
    std::mt19937_64 random(bits);
    std::vector<std::array<std::int64_t, 3>> rows(60000);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
      rows[row] = {static_cast<std::int64_t>(random() & mask),
                   static_cast<std::int64_t>(random() & mask), static_cast<std::int64_t>(row)};
      if (row % 3 == 1) rows[row][0] = rows[row - 1][0];
      if (row % 9 == 1) rows[row][1] = rows[row - 1][1];
    }
    const auto texts = [&rows] {
      std::vector<std::string> made;
      for (const auto& [a, b, id] : rows) made.push_back(fmt::format("{} {} {}", a, b, id));
      return made;
    };
    SmallTables tables;
    const Relation input = tables.make("a:i64 b:i64 id:i64", texts(), 10000);
    SortNode node;
    node.keys = {{column(input, "a"), false}, {column(input, "b"), true}};
    std::stable_sort(rows.begin(), rows.end(), [](const auto& left, const auto& right) {
      return left[0] != right[0] ? left[0] < right[0] : left[1] > right[1];
    });
    for (const int threads : {1, 2}) {
      TestContext test(threads);
      const auto output = run_sort(node, input.fields, input, test.context);
      ASSERT_TRUE(output);
      EXPECT_EQ(rows_of(*output), texts());
    }
  }
}

std::vector<std::string> top(const Relation& input, TopNode node) {
  TestContext test(2);
  const auto output = run_top(node, input.fields, input, test.context);
  EXPECT_TRUE(output) << output.error().message;
  return output ? rows_of(*output) : std::vector<std::string>();
}

TEST(Top, KeepsTheFirstOfEachGroupInTheOrderOfGroups) {
  SmallTables tables;
  const Relation input =
      tables.make("g:code@g n:i64", {"rock 1", "pop 5", "- 2", "rock 3", "pop 7", "rock 2"});
  TopNode node;
  node.count = 2;
  node.keys = {{column(input, "n"), true}};
  node.per = {column(input, "g")};
  EXPECT_THAT(top(input, node), ElementsAre("pop 7", "pop 5", "rock 3", "rock 2", "- 2"));
  node.per = {};
  EXPECT_THAT(top(input, node), ElementsAre("pop 7", "pop 5"));
  node.count = 0;
  EXPECT_THAT(top(input, node), IsEmpty());
}

TEST(Top, WithTiesKeepsAllRowsThatEqualTheLastOne) {
  SmallTables tables;
  const Relation input = tables.make("n:i64 i:i64", {"5 1", "4 2", "4 3", "3 4", "4 5", "5 6"});
  TopNode node;
  node.count = 3;
  node.keys = {{column(input, "n"), true}};
  EXPECT_THAT(top(input, node), ElementsAre("5 1", "5 6", "4 2"));
  node.with_ties = true;
  EXPECT_THAT(top(input, node), ElementsAre("5 1", "5 6", "4 2", "4 3", "4 5"));
}

RC_GTEST_PROP(Top, BySeveralKeysEqualsSortingByThemAndCutting, ()) {
  const auto rows = random_rows(*rc::gen::inRange<std::size_t>(0, 200),
                                *rc::gen::arbitrary<unsigned>(), *rc::gen::inRange(1, 8));
  SmallTables tables;
  const auto kind = *rc::gen::element<std::string>("i64", "str", "code@b");
  const Relation input =
      tables.make("a:code@a b:" + kind + " id:i64", texts_of(rows), *rc::gen::inRange(1U, 50U));
  TopNode node;
  node.count = *rc::gen::inRange(0U, 6U);
  node.keys = {{column(input, "b"), *rc::gen::arbitrary<bool>()}, {column(input, "id"), true}};
  if (*rc::gen::arbitrary<bool>()) std::swap(node.keys[0], node.keys[1]);
  node.per = {column(input, "a")};
  TestContext test(*rc::gen::inRange(1, 4), *rc::gen::inRange(1U, 40U),
                   *rc::gen::element<std::uint64_t>(0, 1, 20));
  const auto output = run_top(node, input.fields, input, test.context);
  RC_ASSERT(output);
  SortNode sort;
  sort.keys = {{column(input, "a"), false}, node.keys[0], node.keys[1]};
  const auto sorted = run_sort(sort, input.fields, input, test.context);
  RC_ASSERT(sorted);
  std::vector<std::string> expected;
  std::map<std::string, std::uint64_t> kept;
  for (const std::string& row : rows_of(*sorted)) {
    if (kept[row.substr(0, row.find(' '))]++ < node.count) expected.push_back(row);
  }
  RC_ASSERT(rows_of(*output) == expected);
}

RC_GTEST_PROP(Top, EqualsSortingAndCutting, ()) {
  const auto rows = random_rows(*rc::gen::inRange<std::size_t>(0, 200),
                                *rc::gen::arbitrary<unsigned>(), *rc::gen::inRange(1, 8));
  const bool with_ties = *rc::gen::arbitrary<bool>();
  const auto count = *rc::gen::inRange(0, 6);
  SmallTables tables;
  const Relation input =
      tables.make("a:code@a b:i64 id:i64", texts_of(rows), *rc::gen::inRange(1U, 50U));
  TopNode node;
  node.count = static_cast<std::uint64_t>(count);
  node.with_ties = with_ties;
  node.keys = {{column(input, "b"), true}};
  node.per = {column(input, "a")};
  TestContext test(*rc::gen::inRange(1, 4), *rc::gen::inRange(1U, 40U),
                   *rc::gen::element<std::uint64_t>(0, 1, 20));
  const auto output = run_top(node, input.fields, input, test.context);
  RC_ASSERT(output);

  auto expected = rows;  // groups are strings: "-1" sorts before "0", and both as bytes
  std::stable_sort(expected.begin(), expected.end(),
                   [](const RandomRow& left, const RandomRow& right) {
                     if (left.a != right.a) {
                       return left.a && right.a ? cell(left.a) < cell(right.a) : !right.a;
                     }
                     return order(left.b, right.b, true) < 0;
                   });
  std::vector<RandomRow> kept;
  int in_group = 0;
  std::optional<int> border;
  for (std::size_t row = 0; row < expected.size(); ++row) {
    in_group = row > 0 && expected[row].a == expected[row - 1].a ? in_group + 1 : 1;
    if (in_group == count) {
      border = expected[row].b;
    }
    if (in_group <= count || (with_ties && count > 0 && expected[row].b == border)) {
      kept.push_back(expected[row]);
    }
  }
  RC_ASSERT(rows_of(*output) == texts_of(kept));
}

RC_GTEST_PROP(Limit, TakesTheRowsAfterTheOffset, ()) {
  const auto rows = texts_of(random_rows(*rc::gen::inRange<std::size_t>(0, 60), 3, 5));
  const auto count = *rc::gen::inRange<std::size_t>(0, 70);
  const auto offset = *rc::gen::inRange<std::size_t>(0, 70);
  SmallTables tables;
  const Relation input = tables.make("a:int@a b:i64 id:i64", rows, *rc::gen::inRange(1U, 20U));
  TestContext test(*rc::gen::inRange(1, 5));
  LimitNode node;
  node.count = count;
  node.offset = offset;
  const auto output =
      run_limit(node, input.fields, Pipeline::over_relation(shared(input)), test.context);
  RC_ASSERT(output);
  const std::size_t first = std::min(offset, rows.size());
  const std::size_t last = std::min(first + count, rows.size());
  RC_ASSERT(rows_of(*output) ==
            std::vector<std::string>(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                     rows.begin() + static_cast<std::ptrdiff_t>(last)));
}

}  // namespace
}  // namespace stave
