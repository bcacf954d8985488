// Rows that `top` leaves out while they are read: what it keeps is the same, and most are gone.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine/operators/operators.h"
#include "engine/operators/top_screen.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

Relation plays(std::uint32_t seed, std::uint32_t groups, std::size_t rows) {
  std::mt19937 generator(seed);
  const auto cell = [&](std::uint32_t values) {
    const std::uint32_t value = static_cast<std::uint32_t>(generator()) % (values + 1);
    return value == values ? std::string("-") : std::to_string(static_cast<int>(value) - 3);
  };
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < rows; ++row) {
    lines.push_back(cell(groups) + " g" + std::to_string(generator() % 3) + " " + cell(40) + " " +
                    cell(2) + ".5 " + cell(5));
    if (lines.back().find("-.5") != std::string::npos) lines.back() = "- - - - -";
  }
  SmallTables tables;
  return tables.make("user:i64 genre:code@g seconds:i64 rate:f64 track:i64", lines, 97);
}

RC_GTEST_PROP(TopScreen, KeepsWhatTopKeeps, (std::uint32_t seed, bool descending, bool with_ties)) {
  const std::uint32_t groups = 1U << *rc::gen::inRange(0, 8);
  const Relation input = plays(seed, groups, 2000);
  TopNode node;
  node.count = *rc::gen::inRange(1U, 5U);
  node.with_ties = with_ties;
  node.keys = {{column(input, *rc::gen::element<std::string>("seconds", "rate")), descending},
               {column(input, "track"), false}};
  if (*rc::gen::arbitrary<bool>()) node.per.push_back(column(input, "user"));
  if (*rc::gen::arbitrary<bool>()) node.per.push_back(column(input, "genre"));
  TestContext test(*rc::gen::inRange(1, 4));
  const auto expected = run_top(node, input.fields, input, test.context);
  RC_ASSERT(expected);
  const auto screened = screened_rows(node, Pipeline::over_relation(shared(input)), test.context);
  RC_ASSERT(screened && *screened);
  const auto kept = run_top(node, input.fields, **screened, test.context);
  RC_ASSERT(kept);
  RC_ASSERT(rows_of(*kept) == rows_of(*expected));
}

TEST(TopScreen, LeavesMostRowsOut) {
  const Relation input = plays(1, 4, 20'000);
  TopNode node;
  node.count = 3;
  node.keys = {{column(input, "seconds"), true}, {column(input, "track"), false}};
  node.per = {column(input, "user")};
  TestContext test;
  const auto screened = screened_rows(node, Pipeline::over_relation(shared(input)), test.context);
  ASSERT_TRUE(screened && *screened);
  EXPECT_LT((*screened)->rows, input.rows / 10);
}

// Better rows come ever later: all pass at first, and are looked at again in the end. Codes number
// groups alike in all threads, integers do not.
TEST(TopScreen, ForgetsRowsThatOthersOutrank) {
  std::vector<std::string> lines;
  for (int row = 0; row < 20'000; ++row) {
    lines.push_back(std::to_string(row % 5) + " g" + std::to_string(row % 5) + " " +
                    std::to_string(row));
  }
  SmallTables tables;
  const Relation input = tables.make("user:i64 genre:code@g seconds:i64", lines, 97);
  for (const int threads : {1, 4}) {
    for (const char* per : {"genre", "user"}) {
      TopNode node;
      node.count = 3;
      node.keys = {{column(input, "seconds"), true}};
      node.per = {column(input, per)};
      TestContext test(threads);
      const auto screened =
          screened_rows(node, Pipeline::over_relation(shared(input)), test.context);
      ASSERT_TRUE(screened && *screened);
      EXPECT_GE((*screened)->rows, 15u);
      EXPECT_LE((*screened)->rows,
                std::string(per) == "genre" ? 15u : 15u * static_cast<unsigned>(threads));
      const auto expected = run_top(node, input.fields, input, test.context);
      const auto kept = run_top(node, input.fields, **screened, test.context);
      ASSERT_TRUE(expected && kept);
      EXPECT_EQ(rows_of(*kept), rows_of(*expected));
    }
  }
}

// Where room for the best of all groups would be larger than what there is to screen, rows go on as
// they are; those that were told before are still looked at again.
TEST(TopScreen, ManyGroupsOfManyRowsTakeLittleRoom) {
  std::vector<std::string> lines;
  for (int row = 0; row < 24'000; ++row) {
    lines.push_back(std::to_string(row < 4'000 ? row % 3 : row % 6'000) + " " +
                    std::to_string(row * 7919 % 24'001));
  }
  SmallTables tables;
  const Relation input = tables.make("user:i64 seconds:i64", lines, 101);
  TopNode node;
  node.count = 1000;
  node.keys = {{column(input, "seconds"), true}};
  node.per = {column(input, "user")};
  const TestContext test;
  ExecutionOptions options;
  options.threads = 1;
  options.memory_limit = std::uint64_t{40} << 20;
  ExecutionContext context(*test.snapshot, options);
  const auto screened = screened_rows(node, Pipeline::over_relation(shared(input)), context);
  ASSERT_TRUE(screened && *screened);
  EXPECT_EQ(context.memory().refusals(), 0u);
  const auto expected = run_top(node, input.fields, input, context);
  const auto kept = run_top(node, input.fields, **screened, context);
  ASSERT_TRUE(expected && kept);
  EXPECT_EQ(rows_of(*kept), rows_of(*expected));
}

TEST(TopScreen, ReadsNothingWhereItCannotTell) {
  const Relation input = plays(2, 4, 1000);
  const Pipeline pipeline = Pipeline::over_relation(shared(input));
  TestContext test;
  TopNode node;
  node.count = 3;
  node.keys = {{column(input, "genre"), false}};  // codes have no order
  EXPECT_FALSE(*screened_rows(node, pipeline, test.context));
  node.keys = {{column(input, "seconds"), false}};
  EXPECT_TRUE(*screened_rows(node, pipeline, test.context));
  node.count = 1000;
  EXPECT_FALSE(*screened_rows(node, pipeline, test.context));
  node.count = 0;
  EXPECT_FALSE(*screened_rows(node, pipeline, test.context));
}

}  // namespace
}  // namespace stave
