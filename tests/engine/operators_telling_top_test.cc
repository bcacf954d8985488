// Tops without keys that break ties which nobody sees: the rows read are those of the whole top.
#include "engine/operators/telling_top.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine/operators/operators.h"
#include "engine/pipeline_rows.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

constexpr const char* kColumns = "user:i64 genre:code@g name:str rate:f64 track:i64";

Relation plays(std::uint32_t seed, const std::vector<std::string>& rates) {
  std::mt19937 random(seed);
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < 400; ++row) {
    lines.push_back(std::to_string(random() % 9) + " g" + std::to_string(random() % 3) + " n" +
                    std::to_string(random() % 50) + " " + rates[random() % rates.size()] + " " +
                    std::to_string(random() % 100));
  }
  SmallTables tables;
  return tables.make(kColumns, lines, 97);
}

// By user the best rates, ties broken by all that there is.
TopNode top_of(const Relation& input, bool descending) {
  TopNode node;
  node.count = 3;
  node.keys = {{column(input, "rate"), descending},
               {column(input, "track"), false},
               {column(input, "name"), false},
               {column(input, "genre"), false}};
  node.per = {column(input, "user")};
  return node;
}

ProjectNode reader_of(const Relation& input) {
  ProjectNode node;
  node.columns = {{"user", column(input, "user")}, {"rate", column(input, "rate")}};
  return node;
}

std::vector<std::string> read_of(const Relation& rows) {
  Relation read;
  read.rows = rows.rows;
  for (const Batch& batch : rows.batches) {
    read.batches.push_back({batch.rows, {batch.columns[0], batch.columns[3]}});
  }
  return rows_of(read);
}

RC_GTEST_PROP(TellingTop, GivesWhatIsReadOfTheWhole,
              (std::uint32_t seed, bool descending, bool has_signs)) {
  std::vector<std::string> rates = {"1.5", "0", "-2.25", "0", "7"};
  if (has_signs) rates.insert(rates.end(), {"-0.0", "nan"});
  const Relation input = plays(seed, rates);
  const TopNode node = top_of(input, descending);
  const ProjectNode reader = reader_of(input);
  TestContext test(*rc::gen::inRange(1, 4));
  const auto telling = TellingTop::of(node, &reader, Pipeline::over_relation(shared(input)));
  RC_ASSERT(telling);
  RC_ASSERT(telling->top().keys.size() == 1U);
  RC_ASSERT(telling->input().fields().size() == 2U);
  const auto lean = collect(telling->input(), test.context);
  RC_ASSERT(lean);
  auto kept = run_top(telling->top(), telling->input().fields(), **lean, test.context);
  RC_ASSERT(kept);
  const auto completed = telling->completed(*std::move(kept), test.context);
  RC_ASSERT(completed);
  RC_ASSERT(has_signs || *completed);
  if (!*completed) return;
  const auto expected = run_top(node, input.fields, input, test.context);
  RC_ASSERT(expected);
  RC_ASSERT(read_of(**completed) == read_of(*expected));
  RC_ASSERT((*completed)->fields.size() == input.fields.size());
}

TEST(TellingTop, RunsTheWholeWhereZerosDiffer) {
  for (const char* other : {"0", "-0.0"}) {
    const Relation input = plays(5, {"0", other});
    const ProjectNode reader = reader_of(input);
    TopNode by_rate = top_of(input, true);
    TopNode per_rate = by_rate;
    std::swap(per_rate.keys[0].expression, per_rate.per[0]);
    for (const TopNode& node : {by_rate, per_rate}) {
      TestContext test;
      const auto telling = TellingTop::of(node, &reader, Pipeline::over_relation(shared(input)));
      ASSERT_TRUE(telling);
      const auto lean = collect(telling->input(), test.context);
      ASSERT_TRUE(lean);
      auto kept = run_top(telling->top(), telling->input().fields(), **lean, test.context);
      ASSERT_TRUE(kept);
      const auto completed = telling->completed(*std::move(kept), test.context);
      ASSERT_TRUE(completed);
      EXPECT_EQ(completed->has_value(), std::string(other) == "0");
    }
  }
}

TEST(TellingTop, RunsTheWholeWhereItsRowsAreOnDisk) {
  const Relation input = plays(5, {"1.5"});
  const ProjectNode reader = reader_of(input);
  TestContext test(1, 0, 2);
  const auto telling =
      TellingTop::of(top_of(input, true), &reader, Pipeline::over_relation(shared(input)));
  ASSERT_TRUE(telling);
  const auto lean = collect(telling->input(), test.context);
  ASSERT_TRUE(lean);
  auto kept = run_top(telling->top(), telling->input().fields(), **lean, test.context);
  ASSERT_TRUE(kept);
  ASSERT_TRUE(kept->spilled);
  const auto completed = telling->completed(*std::move(kept), test.context);
  ASSERT_TRUE(completed);
  EXPECT_FALSE(completed->has_value());
}

TEST(TellingTop, IsNotThereWhereTiesShow) {
  const Relation input = plays(5, {"1"});
  TopNode node = top_of(input, true);
  ProjectNode reader = reader_of(input);
  EXPECT_TRUE(TellingTop::of(node, &reader, Pipeline::over_relation(shared(input))));
  EXPECT_FALSE(TellingTop::of(node, nullptr, Pipeline::over_relation(shared(input))));
  reader.columns.push_back({"genre", column(input, "genre")});
  EXPECT_FALSE(TellingTop::of(node, &reader, Pipeline::over_relation(shared(input))));
  reader.columns.pop_back();
  node.with_ties = true;
  EXPECT_FALSE(TellingTop::of(node, &reader, Pipeline::over_relation(shared(input))));
}

}  // namespace
}  // namespace stave
