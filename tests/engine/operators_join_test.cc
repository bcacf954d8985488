// Joins: every kind and every mix of representations by hand, and all of them against two loops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <random>

#include "engine/make_expression.h"
#include "engine/operators/operators.h"
#include "engine/pipeline.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Join {
  Relation left;
  Relation right;
  JoinNode node;

  Join(Relation left_side, Relation right_side, JoinKind kind,
       const std::vector<std::pair<std::string, std::string>>& keys)
      : left(std::move(left_side)), right(std::move(right_side)) {
    node.kind = kind;
    for (const auto& [left_key, right_key] : keys) {
      node.left_keys.push_back(column(left, left_key));
      node.right_keys.push_back(column(right, right_key));
      node.null_safe.push_back(false);
    }
  }
  Expression left_column(const std::string& name) const { return column(left, name); }
  Expression right_column(const std::string& name) const {
    return column(right, name, left.fields.size());
  }
  // The same on disk, errors included.
  Result<Relation> run(int threads = 2, std::uint32_t batch_rows = 0) const {
    auto output = run_once(threads, batch_rows, 0);
    for (const std::uint64_t spill_rows : {1U, 4U}) {
      const auto on_disk = run_once(threads, batch_rows, spill_rows);
      EXPECT_EQ(on_disk.has_value(), output.has_value());
      if (on_disk && output) {
        EXPECT_EQ(rows_of(*on_disk), rows_of(*output));
      } else if (!on_disk && !output) {
        EXPECT_EQ(on_disk.error().message, output.error().message);
      }
    }
    compare_streamed(threads, output);
    return output;
  }
  // The same as a filter of the pipeline on the left, where it can be one.
  void compare_streamed(int threads, const Result<Relation>& output) const {
    const bool only_left = node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti;
    if (!only_left || !output) {
      return;
    }
    TestContext test(threads);
    const Pipeline pipeline = Pipeline::over_relation(shared(left));
    const auto streamed = stream_join(node, left.fields, pipeline, right, test.context);
    ASSERT_TRUE(streamed) << streamed.error().message;
    EXPECT_TRUE(streamed->has_value() || right.rows > left.rows);
    if (*streamed) {
      EXPECT_EQ(rows_of(rows_in(**streamed, test.context)), rows_of(*output));
    }
  }
  Result<Relation> run_once(int threads, std::uint32_t batch_rows, std::uint64_t spill_rows) const {
    TestContext test(threads, batch_rows, spill_rows);
    const bool only_left = node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti;
    auto output = run_join(node, only_left ? left.fields : with_fields(left.fields, right.fields),
                           Pipeline::over_relation(shared(left)), right, test.context);
    if (output) {
      output->held.reset();  // it outlives the run
    }
    return output;
  }
  std::vector<std::string> rows() const {
    const auto output = run();
    EXPECT_TRUE(output) << output.error().message;
    return output ? rows_of(*output) : std::vector<std::string>();
  }
};

TEST(Join, GivesEachKindItsRows) {
  SmallTables tables;
  const Relation left = tables.make("k:int@k l:str", {"1 a", "2 b", "- c", "4 d"}, 2);
  const Relation right = tables.make("k:int@k r:str", {"2 x", "5 y", "1 z", "- w"}, 2);
  const auto rows = [&](JoinKind kind) { return Join(left, right, kind, {{"k", "k"}}).rows(); };
  EXPECT_THAT(rows(JoinKind::kInner), ElementsAre("1 a 1 z", "2 b 2 x"));
  EXPECT_THAT(rows(JoinKind::kLeft), ElementsAre("1 a 1 z", "2 b 2 x", "- c - -", "4 d - -"));
  EXPECT_THAT(rows(JoinKind::kFull),
              ElementsAre("1 a 1 z", "2 b 2 x", "- c - -", "4 d - -", "- - 5 y", "- - - w"));
  EXPECT_THAT(rows(JoinKind::kSemi), ElementsAre("1 a", "2 b"));
  EXPECT_THAT(rows(JoinKind::kAnti), ElementsAre("- c", "4 d"));
}

TEST(Join, NullEqualsNullOnlyWhereAsked) {
  SmallTables tables;
  for (const std::string kind : {"i64", "int@k", "str", "code@k", "f64", "D2"}) {
    const Relation left = tables.make("k:" + kind, {"1", "-"});
    const Relation right = tables.make("k:" + kind, {"-", "0"});
    Join join(left, right, JoinKind::kInner, {{"k", "k"}});
    EXPECT_THAT(join.rows(), IsEmpty()) << kind;
    join.node.null_safe = {true};
    EXPECT_THAT(join.rows(), ElementsAre("- -")) << kind;
  }
}

TEST(Join, MatchesValuesOfUnlikeRepresentations) {
  SmallTables tables;
  const std::vector<std::string> strings = {"str", "code@one", "code@two"};
  const std::vector<std::string> integers = {"i64", "int@one", "int@two"};
  for (const auto& kinds : {strings, integers}) {
    for (const std::string& left_kind : kinds) {
      for (const std::string& right_kind : kinds) {
        tables.make("k:" + right_kind, {"7", "8"});  // so that codes of equal values differ
        const Relation left = tables.make("k:" + left_kind, {"5", "3", "-", "9"}, 2);
        const Relation right = tables.make("k:" + right_kind, {"3", "4", "-", "5"}, 3);
        const Join join(left, right, JoinKind::kFull, {{"k", "k"}});
        EXPECT_THAT(join.rows(), ElementsAre("5 5", "3 3", "- -", "9 -", "- 4", "- -"))
            << left_kind << " " << right_kind;
      }
    }
  }
  const Join decimals(tables.make("k:d2", {"150", "-7"}), tables.make("k:D2", {"-7", "150"}),
                      JoinKind::kInner, {{"k", "k"}});
  EXPECT_THAT(decimals.rows(), ElementsAre("150 150", "-7 -7"));
}

TEST(Join, TakesManyKeysOfAllKinds) {
  SmallTables tables;
  const std::string columns = "a:code@a b:i64 c:f64 d:bool e:D2";
  const Relation left =
      tables.make(columns, {"x 1 0 true 5", "x 1 -0 false 5", "y 1 0 true 5", "x - 0 true 5"});
  const Relation right = tables.make(columns, {"x 1 -0 true 5", "x 1 0 false 6", "y 1 0 true 5"});
  const Join join(left, right, JoinKind::kInner,
                  {{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}, {"e", "e"}});
  EXPECT_THAT(join.rows(), ElementsAre("x 1 0 true 5 x 1 -0 true 5", "y 1 0 true 5 y 1 0 true 5"));
}

TEST(Join, ASecondMatchNeedsMany) {
  SmallTables tables;
  const Relation left = tables.make("k:code@k n:i64", {"a 1", "b 2"});
  const Relation right = tables.make("k:code@k", {"b", "a", "b"});
  Join join(left, right, JoinKind::kInner, {{"k", "k"}});
  const auto stopped = join.run();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kEvaluation);
  EXPECT_THAT(stopped.error().message, HasSubstr("k = \"b\""));
  EXPECT_THAT(stopped.error().message, HasSubstr("join inner many"));
  join.node.many = true;
  EXPECT_THAT(join.rows(), ElementsAre("a 1 a", "b 2 b", "b 2 b"));
  join.node.many = false;
  join.node.kind = JoinKind::kSemi;
  EXPECT_THAT(join.rows(), ElementsAre("a 1", "b 2"));
}

TEST(Join, ACampaignOverlapsByDatesAlone) {
  SmallTables tables;
  const Relation left = tables.make("day:date", {"10", "15", "20", "-"});
  const Relation right =
      tables.make("name:str from:date to:date", {"spring 5 15", "easter 14 16", "open 18 -"});
  Join join(left, right, JoinKind::kInner, {});
  join.node.residual = call_expression(
      Function::kBetween, kBoolType,
      {join.left_column("day"), join.right_column("from"), join.right_column("to")});
  EXPECT_FALSE(join.run());
  join.node.many = true;
  EXPECT_THAT(join.rows(),
              ElementsAre("10 spring 5 15", "15 spring 5 15", "15 easter 14 16", "20 open 18 -"));
  join.node.kind = JoinKind::kAnti;
  EXPECT_THAT(join.rows(), ElementsAre("-"));
}

TEST(Join, ARateAppliesByKeyAndDates) {
  SmallTables tables;
  const Relation left = tables.make("artist:int@a day:date", {"1 5", "1 25", "2 5", "1 99"});
  const Relation right =
      tables.make("artist:int@a from:date to:date rate:D2", {"1 0 9 4", "1 20 29 6", "2 20 29 7"});
  Join join(left, right, JoinKind::kLeft, {{"artist", "artist"}});
  join.node.residual = call_expression(
      Function::kBetween, kBoolType,
      {join.left_column("day"), join.right_column("from"), join.right_column("to")});
  EXPECT_THAT(join.rows(),
              ElementsAre("1 5 1 0 9 4", "1 25 1 20 29 6", "2 5 - - - -", "1 99 - - - -"));
}

TEST(Join, EmptySidesGiveWhatTheOtherSideAllows) {
  SmallTables tables;
  const Relation some = tables.make("k:i64", {"1"});
  const Relation none = tables.make("k:i64", {});
  EXPECT_THAT(Join(some, none, JoinKind::kFull, {{"k", "k"}}).rows(), ElementsAre("1 -"));
  EXPECT_THAT(Join(none, some, JoinKind::kFull, {{"k", "k"}}).rows(), ElementsAre("- 1"));
  EXPECT_THAT(Join(none, none, JoinKind::kFull, {{"k", "k"}}).rows(), IsEmpty());
  EXPECT_THAT(Join(some, none, JoinKind::kAnti, {{"k", "k"}}).rows(), ElementsAre("1"));
}

TEST(Join, AResultBeyondTheMemoryLimitStopsTheQuery) {
  SmallTables tables;
  const std::vector<std::string> ones(3000, "1");
  Join join(tables.make("k:i64", ones, 1000), tables.make("k:i64", ones, 1000), JoinKind::kInner,
            {{"k", "k"}});
  join.node.many = true;
  TestContext test(2);
  ExecutionOptions options;
  options.threads = 2;
  options.memory_limit = 1 << 20;
  ExecutionContext context(*test.snapshot, options);
  const auto output = run_join(join.node, with_fields(join.left.fields, join.right.fields),
                               Pipeline::over_relation(shared(join.left)), join.right, context);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kEvaluation);
  EXPECT_EQ(context.memory().used(), 0U);
}

struct RandomRow {
  std::optional<int> a;
  std::optional<int> b;
  int value = 0;
};

std::string cell(const std::optional<int>& number) {
  return number ? std::to_string(*number) : "-";
}

std::vector<RandomRow> random_rows(std::mt19937& random, std::size_t count) {
  const auto number = [&]() -> std::optional<int> {
    const auto drawn = static_cast<int>(random() % 7);
    return drawn == 6 ? std::nullopt : std::optional(drawn);
  };
  std::vector<RandomRow> rows;
  for (std::size_t row = 0; row < count; ++row) {
    rows.push_back({number(), number(), static_cast<int>(random() % 10)});
  }
  return rows;
}

std::vector<std::string> texts_of(const std::vector<RandomRow>& rows) {
  std::vector<std::string> texts;
  for (const RandomRow& row : rows) {
    texts.push_back(cell(row.a) + " " + cell(row.b) + " " + std::to_string(row.value));
  }
  return texts;
}

RC_GTEST_PROP(Join, EqualsTwoLoopsForAnyThreadsAndBatches, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto left_rows = random_rows(random, *rc::gen::inRange<std::size_t>(0, 40));
  const auto right_rows = random_rows(random, *rc::gen::inRange<std::size_t>(0, 40));
  const auto kind = *rc::gen::element(JoinKind::kInner, JoinKind::kLeft, JoinKind::kFull,
                                      JoinKind::kSemi, JoinKind::kAnti);
  const auto keys = *rc::gen::inRange(0, 3);
  const bool has_residual = *rc::gen::arbitrary<bool>();
  const bool null_safe = *rc::gen::arbitrary<bool>();
  const std::string left_kind = *rc::gen::element<std::string>("str", "code@1", "code@2");
  const std::string right_kind = *rc::gen::element<std::string>("str", "code@1", "code@2");
  SmallTables tables;
  Join join(tables.make("a:" + left_kind + " b:i64 v:i64", texts_of(left_rows),
                        *rc::gen::inRange(1U, 30U)),
            tables.make("a:" + right_kind + " b:int@3 v:i64", texts_of(right_rows),
                        *rc::gen::inRange(1U, 30U)),
            kind, {});
  join.node.many = true;
  for (const std::string name : {"a", "b"}) {
    if (static_cast<int>(join.node.left_keys.size()) < keys) {
      join.node.left_keys.push_back(column(join.left, name));
      join.node.right_keys.push_back(column(join.right, name));
      join.node.null_safe.push_back(null_safe);
    }
  }
  if (has_residual) {
    join.node.residual = call_expression(Function::kLess, kBoolType,
                                         {join.left_column("v"), join.right_column("v")});
  }
  const auto output = join.run(*rc::gen::inRange(1, 4), *rc::gen::inRange(1U, 30U));
  RC_ASSERT(output);

  const auto equal = [&](const std::optional<int>& left, const std::optional<int>& right) {
    return left == right && (left || null_safe);
  };
  const auto matches = [&](const RandomRow& left, const RandomRow& right) {
    return (keys < 1 || equal(left.a, right.a)) && (keys < 2 || equal(left.b, right.b)) &&
           (!has_residual || left.value < right.value);
  };
  const auto left_texts = texts_of(left_rows);
  const auto right_texts = texts_of(right_rows);
  const bool only_left = kind == JoinKind::kSemi || kind == JoinKind::kAnti;
  const bool keeps_left = kind == JoinKind::kLeft || kind == JoinKind::kFull;
  std::vector<std::string> expected;
  std::vector<bool> matched(right_rows.size());
  for (std::size_t left = 0; left < left_rows.size(); ++left) {
    bool found = false;
    for (std::size_t right = 0; right < right_rows.size(); ++right) {
      if (matches(left_rows[left], right_rows[right])) {
        found = matched[right] = true;
        if (!only_left) {
          expected.push_back(left_texts[left] + " " + right_texts[right]);
        }
      }
    }
    if (only_left && found == (kind == JoinKind::kSemi)) {
      expected.push_back(left_texts[left]);
    } else if (keeps_left && !found) {
      expected.push_back(left_texts[left] + " - - -");
    }
  }
  for (std::size_t right = 0; kind == JoinKind::kFull && right < right_rows.size(); ++right) {
    if (!matched[right]) {
      expected.push_back("- - - " + right_texts[right]);
    }
  }
  RC_ASSERT(rows_of(*output) == expected);
}

}  // namespace
}  // namespace stave
