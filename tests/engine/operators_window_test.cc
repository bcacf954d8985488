// Window functions: by hand, and against a row-at-a-time reference for any threads and batches.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "engine/operators/operators.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

WindowCall function_call(WindowFunction function, Type type,
                         std::vector<Expression> arguments = {}) {
  WindowCall call;
  call.function = function;
  call.type = type;
  call.arguments = std::move(arguments);
  call.name = "w";
  return call;
}

WindowCall aggregate_call(AggregateFunction aggregate, Type type,
                          std::vector<Expression> arguments = {}) {
  WindowCall call = function_call(WindowFunction::kAggregate, type, std::move(arguments));
  call.aggregate = aggregate;
  return call;
}

Result<Relation> run_once(const Relation& input, const std::vector<WindowCall>& calls, int threads,
                          std::uint64_t spill_rows) {
  TestContext test(threads, 3, spill_rows);
  std::vector<Field> fields = input.fields;
  for (const WindowCall& call : calls) {
    fields.push_back({call.name, call.type});
  }
  WindowNode node;
  node.calls = calls;
  auto output = run_window(node, fields, input, test.context);
  if (output) {
    output->held.reset();  // it outlives the run
  }
  return output;
}

// The same on disk.
Result<Relation> run(const Relation& input, const std::vector<WindowCall>& calls, int threads = 2) {
  auto output = run_once(input, calls, threads, 0);
  const auto on_disk = run_once(input, calls, threads, 2);
  EXPECT_EQ(on_disk.has_value(), output.has_value());
  if (on_disk && output) {
    EXPECT_EQ(rows_of(*on_disk), rows_of(*output));
  }
  return output;
}

std::vector<std::string> rows(const Relation& input, const std::vector<WindowCall>& calls) {
  const auto output = run(input, calls);
  EXPECT_TRUE(output) << output.error().message;
  return output ? rows_of(*output) : std::vector<std::string>();
}

TEST(Window, RanksRowsAndBreaksTiesByTheOtherColumns) {
  SmallTables tables;
  const Relation input =
      tables.make("g:code@g k:i64 t:str", {"a 2 z", "b 1 y", "a 1 x", "a 2 y", "- 9 q", "a 3 _"});
  std::vector<WindowCall> calls = {function_call(WindowFunction::kRowNumber, kInt64Type),
                                   function_call(WindowFunction::kRank, kInt64Type),
                                   function_call(WindowFunction::kDenseRank, kInt64Type)};
  for (WindowCall& call : calls) {
    call.per = {column(input, "g")};
    call.sort = {{column(input, "k"), false}};
  }
  EXPECT_THAT(rows(input, calls), ElementsAre("a 2 z 3 2 2", "b 1 y 1 1 1", "a 1 x 1 1 1",
                                              "a 2 y 2 2 2", "- 9 q 1 1 1", "a 3 _ 4 4 3"));
}

TEST(Window, LooksAtOtherRowsOfThePartition) {
  SmallTables tables;
  const Relation input = tables.make("g:i64 k:i64 v:code@v", {"1 1 a", "1 2 b", "2 1 c", "1 3 -"});
  const auto call_of = [&](WindowFunction function) {
    WindowCall call = function_call(function, kStringType, {column(input, "v")});
    call.per = {column(input, "g")};
    call.sort = {{column(input, "k"), false}};
    return call;
  };
  WindowCall lag_two = call_of(WindowFunction::kLag);
  lag_two.parameter = {kInt64Type, std::int64_t{2}};
  EXPECT_THAT(
      rows(input, {call_of(WindowFunction::kLag), call_of(WindowFunction::kLead),
                   call_of(WindowFunction::kFirst), call_of(WindowFunction::kLast), lag_two}),
      ElementsAre("1 1 a - b a - -", "1 2 b a - a - -", "2 1 c - - c c -", "1 3 - b - a - a"));
}

TEST(Window, ADefaultStandsWhereThereIsNoOtherRow) {
  SmallTables tables;
  const Relation input = tables.make("k:i64 v:code@v d:str", {"1 a x", "2 - y", "3 b z"});
  WindowCall lag =
      function_call(WindowFunction::kLag, kStringType, {column(input, "v"), column(input, "d")});
  lag.sort = {{column(input, "k"), false}};
  EXPECT_THAT(rows(input, {lag}), ElementsAre("1 a x x", "2 - y a", "3 b z -"));
}

TEST(Window, AFirstListenIsTheSmallestDateOfItsUser) {
  SmallTables tables;
  const Relation input =
      tables.make("user:int@u day:date", {"7 12", "8 10", "7 9", "- 5", "8 30", "- 4"}, 2);
  WindowCall first = aggregate_call(AggregateFunction::kMin, kDateType, {column(input, "day")});
  first.per = {column(input, "user")};
  EXPECT_THAT(rows(input, {first}),
              ElementsAre("7 12 9", "8 10 10", "7 9 9", "- 5 4", "8 30 10", "- 4 4"));
}

TEST(Window, AggregatesOverTheWholeRunningAndFramedPartition) {
  SmallTables tables;
  const Relation input = tables.make("k:i64 v:i64", {"1 10", "2 20", "2 30", "3 -", "4 50"});
  const std::vector<Expression> value = {column(input, "v")};
  WindowCall whole = aggregate_call(AggregateFunction::kSum, kInt64Type, value);
  WindowCall running = whole;
  running.sort = {{column(input, "k"), false}};
  WindowCall framed = running;
  framed.has_frame = true;
  framed.frame_from = -1;
  framed.frame_to = 0;
  WindowCall later = framed;
  later.frame_from = 1;
  later.frame_to = std::nullopt;
  EXPECT_THAT(rows(input, {whole, running, framed, later}),
              ElementsAre("1 10 110 10 10 100", "2 20 110 60 30 80", "2 30 110 60 50 50",
                          "3 - 110 60 30 50", "4 50 110 110 50 -"));
}

TEST(Window, AveragesOfMoneyKeepSixMoreDigits) {
  SmallTables tables;
  const Relation input = tables.make("k:i64 v:d2", {"1 100", "2 101", "3 101"});
  WindowCall average =
      aggregate_call(AggregateFunction::kAverage, decimal_type(24, 8), {column(input, "v")});
  average.sort = {{column(input, "k"), false}};
  EXPECT_THAT(rows(input, {average}),
              ElementsAre("1 100 100000000", "2 101 100500000", "3 101 100666667"));
}

TEST(Window, SumsOfFloatsForgetWhatLeftExactly) {
  SmallTables tables;
  const Relation input =
      tables.make("k:i64 v:f64", {"1 1e300", "2 0.1", "3 0.2", "4 inf", "5 nan", "6 1", "7 2"});
  WindowCall sum = aggregate_call(AggregateFunction::kSum, kFloat64Type, {column(input, "v")});
  sum.sort = {{column(input, "k"), false}};
  sum.has_frame = true;
  sum.frame_from = -1;
  sum.frame_to = 0;
  EXPECT_THAT(rows(input, {sum}),
              ElementsAre("1 1e+300 1e+300", "2 0.1 1e+300", "3 0.2 0.30000000000000004",
                          "4 inf inf", "5 nan nan", "6 1 nan", "7 2 3"));
}

TEST(Window, AnOverflowingSumStopsTheQuery) {
  SmallTables tables;
  const Relation input = tables.make(
      "k:i64 v:i64 d:D2",
      {"1 9223372036854775807 99999999999999999999999999999999999999", "2 1 1", "3 -1 -2"});
  for (const std::string name : {"v", "d"}) {
    WindowCall sum =
        aggregate_call(AggregateFunction::kSum, column(input, name).type, {column(input, name)});
    sum.sort = {{column(input, "k"), false}};
    const auto output = run(input, {sum});
    ASSERT_FALSE(output) << name;
    EXPECT_EQ(output.error().code, ErrorCode::kOverflow);
  }
}

TEST(Window, SharesAreOfThePartitionsSum) {
  SmallTables tables;
  const Relation input = tables.make("g:code@g v:i64", {"a 1", "b 5", "a 3", "z 0", "a -", "n -"});
  WindowCall share = function_call(WindowFunction::kShare, kFloat64Type, {column(input, "v")});
  share.per = {column(input, "g")};
  EXPECT_THAT(rows(input, {share}),
              ElementsAre("a 1 0.25", "b 5 1", "a 3 0.75", "z 0 -", "a - -", "n - -"));
}

WindowCall allocation(const Relation& input) {
  WindowCall call = function_call(WindowFunction::kAllocate, column(input, "pool").type,
                                  {column(input, "pool"), column(input, "w")});
  call.per = {column(input, "p")};
  call.sort = {{column(input, "k"), false}};
  return call;
}

TEST(Window, AllocatesPoolsToTheLastMinorUnit) {
  SmallTables tables;
  // Cases 1 to 4 of the royalty rules, one partition each; then nothing to weigh by.
  const Relation input = tables.make(
      "p:i64 k:str pool:d2 w:D2",
      {"1 A 1400 80", "1 B 1400 20",    "2 A 2098 71",    "2 B 2098 36",    "2 C 2098 6",
       "3 c 10000 1", "3 b 10000 1",    "3 a 10000 1",    "4 b -5 1",       "4 c -5 1",
       "4 a -5 1",    "5 a 1001 33333", "5 b 1001 33333", "5 c 1001 33334", "6 a 700 0",
       "6 b 700 -",   "7 a - 3",        "7 b - 4",        "8 a 3 0",        "8 b 3 -",
       "8 c 3 9"});
  EXPECT_THAT(
      rows(input, {allocation(input)}),
      ElementsAre("1 A 1400 80 1120", "1 B 1400 20 280", "2 A 2098 71 1318", "2 B 2098 36 668",
                  "2 C 2098 6 112", "3 c 10000 1 3333", "3 b 10000 1 3333", "3 a 10000 1 3334",
                  "4 b -5 1 -2", "4 c -5 1 -1", "4 a -5 1 -2", "5 a 1001 33333 334",
                  "5 b 1001 33333 333", "5 c 1001 33334 334", "6 a 700 0 -", "6 b 700 - -",
                  "7 a - 3 -", "7 b - 4 -", "8 a 3 0 0", "8 b 3 - 0", "8 c 3 9 3"));
}

TEST(Window, AllocateRefusesWhatItCannotSplit) {
  SmallTables tables;
  const Relation unequal = tables.make("p:code@p k:i64 pool:d2 w:i64", {"se 1 10 1", "se 2 11 1"});
  auto output = run(unequal, {allocation(unequal)});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kEvaluation);
  EXPECT_THAT(output.error().message, HasSubstr("p = \"se\", total = "));
  const Relation negative =
      tables.make("p:code@p k:i64 pool:d2 w:i64", {"se 1 10 1", "se 2 10 -1"});
  output = run(negative, {allocation(negative)});
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, HasSubstr("negative"));
  const Relation inexact = tables.make("p:code@p k:i64 pool:d2 w:f64", {"se 1 10 0.5"});
  output = run(inexact, {allocation(inexact)});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kUnsupported);
}

TEST(Window, MedianDoesNotMove) {
  SmallTables tables;
  const Relation input = tables.make("k:i64 v:f64", {"1 1"});
  WindowCall median =
      aggregate_call(AggregateFunction::kQuantile, kFloat64Type, {column(input, "v")});
  median.sort = {{column(input, "k"), false}};
  const auto output = run(input, {median});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kUnsupported);
}

// Keys that were asked for and those that only break ties order rows as all of them together do,
// whether they leave none, few, or nearly all rows tied.
TEST(Window, TieBreakersOrderOnlyWhatIsTied) {
  SmallTables tables;
  for (const unsigned keys : {3U, 500U, 1'000'000U}) {
    std::mt19937 random(keys);
    std::vector<std::string> texts;
    for (int row = 0; row < 3000; ++row) {
      texts.push_back(fmt::format("g{} {} t{} {} {}", random() % 3, random() % keys, random() % 5,
                                  random() % 4, 3 * (row % 7)));
    }
    const Relation input = tables.make("g:code@g k:i64 t:str w:i64 v:i64", texts, 700);
    WindowCall number = function_call(WindowFunction::kRowNumber, kInt64Type);
    WindowCall parts = function_call(WindowFunction::kAllocate, kInt64Type,
                                     {literal(kInt64Type, 1234), column(input, "w")});
    std::vector<std::string> together;
    for (const std::size_t asked : {0U, 1U}) {
      for (WindowCall* call : {&number, &parts}) {
        call->per = {column(input, "g")};
        call->sort = {{column(input, "k"), true},
                      {column(input, "t"), false},
                      {column(input, "w"), false},
                      {column(input, "v"), false}};
        call->asked_keys = asked;
      }
      const std::vector<std::string> made = rows(input, {number, parts});
      if (asked == 0) together = made;
      EXPECT_EQ(made, together) << keys;
    }
  }
}

// Calls of one order share it, and a number by rows needs more of it than a rank does.
TEST(Window, PeersOfManyRowsStayPeers) {
  SmallTables tables;
  std::vector<std::string> lines;
  for (int i = 0; i < 5000; ++i) lines.push_back(fmt::format("a {} {}", i % 2, i * 7 % 5000));
  const Relation input = tables.make("g:code@g k:i64 v:i64", lines);
  std::vector<WindowCall> calls = {function_call(WindowFunction::kRowNumber, kInt64Type),
                                   function_call(WindowFunction::kRank, kInt64Type),
                                   aggregate_call(AggregateFunction::kCount, kInt64Type)};
  for (WindowCall& call : calls) {
    call.sort = {{column(input, "k"), false}};
    call.asked_keys = 1;
  }
  const auto output = run_once(input, calls, 2, 0);
  ASSERT_TRUE(output) << output.error().message;
  std::set<std::string> ends;
  for (const std::string& row : rows_of(*output)) {
    ends.insert(row.substr(row.rfind(' ', row.rfind(' ') - 1) + 1));
  }
  EXPECT_EQ(ends, (std::set<std::string>{"1 2500", "2501 5000"}));
}

TEST(Window, WorksWithoutRows) {
  SmallTables tables;
  const Relation input = tables.make("k:i64", {});
  const auto output = run(input, {function_call(WindowFunction::kRowNumber, kInt64Type)});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->rows, 0U);
}

struct Row {
  int group = 0;
  int key = 0;
  std::optional<int> value;
  int id = 0;
};

std::string text_of(const Row& row) {
  return std::to_string(row.group) + " " + std::to_string(row.key) + " " +
         (row.value ? std::to_string(*row.value) : "-") + " " + std::to_string(row.id);
}

// What the five aggregates give for the rows of a frame.
std::string aggregates_of(const std::vector<Row>& frame) {
  std::optional<int> sum;
  std::optional<int> smallest;
  std::optional<int> largest;
  std::set<int> distinct;
  for (const Row& row : frame) {
    if (row.value) {
      sum = sum.value_or(0) + *row.value;
      smallest = std::min(smallest.value_or(*row.value), *row.value);
      largest = std::max(largest.value_or(*row.value), *row.value);
      distinct.insert(*row.value);
    }
  }
  const auto cell = [](const std::optional<int>& value) {
    return " " + (value ? std::to_string(*value) : "-");
  };
  return " " + std::to_string(frame.size()) + cell(sum) + cell(smallest) + cell(largest) + " " +
         std::to_string(distinct.size());
}

RC_GTEST_PROP(Window, MovingAggregatesEqualTheirFramesAddedUp, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto count = *rc::gen::inRange(0, 60);
  const bool has_frame = *rc::gen::arbitrary<bool>();
  const auto border = rc::gen::map(rc::gen::inRange(-5, 6), [](int offset) {
    return offset == 5 ? std::nullopt : std::optional<std::int64_t>(offset);
  });
  const auto from = *border;
  const auto to = *border;
  std::vector<Row> all;
  for (int id = 0; id < count; ++id) {
    const auto drawn = static_cast<int>(random() % 8);
    all.push_back({static_cast<int>(random() % 3), static_cast<int>(random() % 4),
                   drawn == 0 ? std::nullopt : std::optional(drawn - 4), id});
  }
  std::vector<std::string> texts;
  for (const Row& row : all) {
    texts.push_back(text_of(row));
  }
  SmallTables tables;
  const std::string kind = *rc::gen::element<std::string>("i64", "int@v", "D2", "d2");
  const Relation input =
      tables.make("g:int@g k:i64 v:" + kind + " id:i64", texts, *rc::gen::inRange(1U, 30U));
  const Type type = column(input, "v").type;
  const std::vector<Expression> value = {column(input, "v")};
  std::vector<WindowCall> calls = {aggregate_call(AggregateFunction::kCount, kInt64Type),
                                   aggregate_call(AggregateFunction::kSum, type, value),
                                   aggregate_call(AggregateFunction::kMin, type, value),
                                   aggregate_call(AggregateFunction::kMax, type, value),
                                   aggregate_call(AggregateFunction::kDistinct, kInt64Type, value)};
  for (WindowCall& call : calls) {
    call.per = {column(input, "g")};
    call.sort = {{column(input, "k"), true}};
    call.has_frame = has_frame;
    call.frame_from = from;
    call.frame_to = to;
  }
  const auto output = run(input, calls, *rc::gen::inRange(1, 4));
  RC_ASSERT(output);

  std::vector<std::string> expected;
  for (const Row& row : all) {
    std::vector<Row> partition;
    std::copy_if(all.begin(), all.end(), std::back_inserter(partition),
                 [&](const Row& other) { return other.group == row.group; });
    std::stable_sort(partition.begin(), partition.end(), [](const Row& left, const Row& right) {
      const auto values = [](const Row& one) {
        return std::tuple(-one.key, one.value ? *one.value : 1000, one.id);
      };
      return values(left) < values(right);
    });
    std::int64_t place = 0;
    while (partition[static_cast<std::size_t>(place)].id != row.id) {
      ++place;
    }
    std::vector<Row> frame;
    for (std::int64_t other = 0; other < static_cast<std::int64_t>(partition.size()); ++other) {
      const Row& candidate = partition[static_cast<std::size_t>(other)];
      const bool inside = has_frame
                              ? other >= (from ? place + *from : 0) && (!to || other <= place + *to)
                              : candidate.key >= row.key;
      if (inside) {
        frame.push_back(candidate);
      }
    }
    expected.push_back(text_of(row) + aggregates_of(frame));
  }
  RC_ASSERT(rows_of(*output) == expected);
}

}  // namespace
}  // namespace stave
