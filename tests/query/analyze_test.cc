// What a run tells of itself: rows, blocks left out, rows that passed; times are there, whatever
// they are.
#include "stave/analyze.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Analyze : public ::testing::Test {
 protected:
  Analyze() {
    make_text_store(folder_.path() + "/s.stave",
                    {{"streams",
                      "user_id,track_id,listen_time,duration_sec\n"
                      "1,a,2025-05-01 10:00:00,40\n"
                      "2,a,2025-05-01 11:00:00,5\n"
                      "3,b,2025-05-01 12:00:00,50\n"
                      "1,b,2025-05-02 10:00:00,60\n"}},
                    {});
  }

  std::string analyzed(const std::string& program) {
    const auto store = Store::open(folder_.path() + "/s.stave");
    EXPECT_TRUE(store);
    const auto text = analyze(*store, program, QueryOptions());
    EXPECT_TRUE(text) << text.error().message;
    return text ? *text : std::string();
  }

  TemporaryFolder folder_;
};

TEST_F(Analyze, TellsWhatWasReadAndLeftOut) {
  const std::string text = analyzed(
      "from streams | where day == @2025-05-01 and duration_sec >= 30 | summarize n = count() by "
      "user_id");
  EXPECT_THAT(text, HasSubstr("read 3 of 4 rows, 2 passed; pruned 1 of 2 blocks; read "));
  EXPECT_THAT(text,
              ContainsRegex("summarize .*\\[2 rows, .* KiB in memory; .* ms with its inputs"));
}

TEST_F(Analyze, CountsEachReadingOfATable) {
  const std::string text = analyzed(
      "from streams | derive first = min(listen_time) over (per user_id) | summarize n = count()");
  EXPECT_THAT(text, ContainsRegex("read [48] of 4 rows"));
  EXPECT_THAT(text, HasSubstr("[1 rows, "));
}

TEST_F(Analyze, CallsAggregatesAndWindowsWhatTheyCompute) {
  const std::string text = analyzed(
      "from streams | summarize s = sum(duration_sec * 2), r = count_if(duration_sec < 30) / "
      "count() "
      "by user_id | derive k = row_number() over (sort s), t = max(s) over () | where k < 9 "
      "| select s, r, t");
  EXPECT_THAT(text, HasSubstr("summarize sum(duration_sec * 2), count_if(duration_sec < 30), "
                              "count() by user_id"));
  EXPECT_THAT(text, HasSubstr("row_number()"));
  EXPECT_THAT(text, HasSubstr("max(s)"));
  EXPECT_EQ(text.find('~'), std::string::npos) << text;
  // Parentheses that are no pair around the argument stay.
  EXPECT_THAT(analyzed("from streams | summarize s = sum((duration_sec + user_id)::decimal(18,2))"),
              HasSubstr("summarize sum((duration_sec + user_id) :: decimal(18,2))"));
}

TEST_F(Analyze, FaultsNameTheAggregate) {
  const auto store = Store::open(folder_.path() + "/s.stave");
  ASSERT_TRUE(store);
  const auto text =
      analyze(*store, "from streams | summarize s = sum(duration_sec * 100000000000000000)",
              QueryOptions());
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("`sum(duration_sec * 100000000000000000)`"));
}

// What breaks ties of a top is read where it shows, or where it decides what shows.
TEST_F(Analyze, TopsReadWhatBreaksTiesThatShow) {
  const std::string top = "from streams | top 2 by duration_sec desc, track_id per user_id ";
  EXPECT_THAT(analyzed(top + "| select user_id, duration_sec"),
              HasSubstr("top 2 by duration_sec desc per user_id  ["));
  EXPECT_THAT(analyzed(top + "| select user_id, track_id"),
              HasSubstr("top 2 by duration_sec desc, track_id per user_id  ["));
  EXPECT_THAT(
      analyzed(top + "| select user_id, listen_time"),
      HasSubstr("top 2 by duration_sec desc, track_id, stream_id, listen_time per user_id  ["));
  EXPECT_THAT(analyzed("from streams | top 2 with ties by duration_sec, user_id | select n = 1"),
              HasSubstr("top 2 with ties by duration_sec, user_id"));
}

TEST_F(Analyze, WindowsReadWhatBreaksTiesThatShow) {
  const auto numbered = [&](const std::string& calls, const std::string& shown) {
    return analyzed("from streams | derive " + calls + " | select " + shown);
  };
  const std::string first = "n = row_number() over (per user_id sort listen_time)";
  EXPECT_THAT(numbered(first, "user_id, n"), HasSubstr("columns user_id, listen_time  ["));
  // Up to the last column that shows, in the table's order.
  EXPECT_THAT(numbered(first, "n, duration_sec"),
              HasSubstr("columns stream_id, user_id, track_id, listen_time, duration_sec  ["));
  // Ranks are of what was asked for.
  EXPECT_THAT(numbered("n = rank() over (per user_id sort listen_time, track_id)", "n"),
              HasSubstr("columns user_id, track_id, listen_time  ["));
  // Numbers by one order go with those by the other, down to rows that are alike in what shows.
  EXPECT_THAT(
      numbered(first + " - row_number() over (per user_id sort duration_sec)", "n"),
      HasSubstr("duration_sec, completion_pct, platform, country_code, plan, source, likes"));
}

// Each day has the first and the last user, so its range of users says nothing of one between.
TEST_F(Analyze, BlocksWithoutARareValueAreNotReadFurther) {
  std::string plays = "user_id,track_id,listen_time,duration_sec\n";
  for (int day = 1; day <= 31; ++day) {
    for (const int user : {1, 10 + day, 99}) {
      plays += fmt::format("{},a,2025-05-{:02} 10:00:00,40\n", user, day);
    }
  }
  make_text_store(folder_.path() + "/many.stave", {{"streams", plays}}, {});
  const auto store = Store::open(folder_.path() + "/many.stave");
  ASSERT_TRUE(store);
  for (const auto& [wanted, read] :
       {std::pair("user_id == 15", "read 3 of 93 rows, 1 passed"),
        std::pair("user_id in (15, 17)", "read 6 of 93 rows, 2 passed"),
        std::pair("user_id != 15", "read 93 of 93 rows, 92 passed")}) {
    const auto text = analyze(
        *store, fmt::format("from streams | where {} | select listen_time, duration_sec", wanted),
        QueryOptions());
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_THAT(*text, HasSubstr(read)) << wanted;
  }
}

TEST_F(Analyze, FaultsOfTheRunAreErrors) {
  const auto store = Store::open(folder_.path() + "/s.stave");
  ASSERT_TRUE(store);
  const auto text =
      analyze(*store, "from streams | expect duration_sec > 10 else \"short\"", QueryOptions());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kEvaluation);
}

}  // namespace
}  // namespace stave::testing
