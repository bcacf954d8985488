// Scans of small stores: filters, pruning, look-ups, stale segments, scopes, and the same bytes for
// any number of threads and size of batch.
#include "engine/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kHour = kDay / 24;

const Expression kTrack = field(1, kStringType);
const Expression kTime = field(2, kTimestampType);
const Expression kSeconds = field(3, kInt64Type);
const Expression kDayField = field(4, kDateType);

// Appended, not added: gcc 12 warns of the latter.
std::string numbered(const char* stem, int number) {
  std::string name = stem;
  name += std::to_string(number);
  return name;
}

NamedExpression named(const std::string& name, Expression expression) {
  return {name, std::move(expression)};
}

// Days 100 and 101; "lost" has plays but no row; a play without a track, and one without a time.
SmallStore two_days() {
  SmallStore store;
  store.add_tracks({{"t1", "rock", 1000}, {"t2", "jazz", 2000}, {"t3", "rock", {}}});
  store.add_plays(100, {{7, "t1", 100 * kDay + kHour, 10},
                        {8, "t2", 100 * kDay + 2 * kHour, {}},
                        {7, "lost", 100 * kDay + 3 * kHour, 30},
                        {9, {}, 100 * kDay + 4 * kHour, 40}});
  store.add_plays(101, {{7, "t3", 101 * kDay, 50}, {8, "t1", 101 * kDay + kHour, 60}});
  store.add_plays(kNoDay, {{9, "t2", 0, 70}});
  return store;
}

PlanPointer seconds_where(Expression predicate) {
  return projected_plan(filtered_plan(scan_plays(), std::move(predicate)), {named("s", kSeconds)});
}

TEST(Pipeline, GivesStoreOrderByDayThenGenre) {
  const auto snapshot = two_days().open();
  EXPECT_THAT(run_rows(projected_plan(scan_plays(), {named("day", kDayField), named("t", kTrack),
                                                     named("g", genre_of(kTrack)),
                                                     named("ms", duration_of(kTrack))}),
                       *snapshot),
              ElementsAre("1970-04-11,t1,rock,1000", "1970-04-11,t2,jazz,2000", "1970-04-11,lost,,",
                          "1970-04-11,,,", "1970-04-12,t3,rock,", "1970-04-12,t1,rock,1000",
                          ",t2,jazz,2000"));
}

TEST(Pipeline, KeepsOnlyWhatIsTrue) {
  const auto snapshot = two_days().open();
  EXPECT_THAT(run_rows(seconds_where(call(Function::kGreater, kBoolType, {kSeconds, value_of(35)})),
                       *snapshot),
              ElementsAre("40", "50", "60", "70"));
  EXPECT_THAT(run_rows(seconds_where(call(Function::kEqual, kBoolType, {kTrack, text_value("t1")})),
                       *snapshot),
              ElementsAre("10", "60"));
  EXPECT_THAT(run_rows(seconds_where(call(Function::kEqual, kBoolType, {kTrack, text_value("t9")})),
                       *snapshot),
              IsEmpty());
  EXPECT_THAT(run_rows(seconds_where(call(Function::kIsNull, kBoolType, {kTrack})), *snapshot),
              ElementsAre("40"));
  EXPECT_THAT(run_rows(seconds_where(
                           call(Function::kEqual, kBoolType, {field(0, kInt64Type), value_of(7)})),
                       *snapshot),
              ElementsAre("10", "30", "50"));
}

TEST(Pipeline, AFaultNeedsARowThatGetsThere) {
  const auto snapshot = two_days().open();
  const Expression huge = call(Function::kMultiply, kInt64Type, {kSeconds, value_of(INT64_MAX)});
  const Expression fault = call(Function::kGreater, kBoolType, {huge, value_of(0)});
  const PlanPointer first =
      filtered_plan(scan_plays(), call(Function::kLess, kBoolType, {kSeconds, value_of(0)}));
  EXPECT_THAT(run_rows(filtered_plan(first, fault), *snapshot), IsEmpty());
  EXPECT_THAT(run_rows(filtered_plan(scan_plays(), fault), *snapshot)[0],
              testing::HasSubstr("10 * 9223372036854775807"));
}

std::uint64_t rows_left(const Snapshot& snapshot, const Expression& predicate,
                        const std::string& timezone = "") {
  ExecutionOptions options;
  options.timezone = timezone;
  ExecutionContext context(snapshot, options);
  const PlanPointer scan = scan_plays();
  auto pipeline = Pipeline::over_scan(std::get<ScanNode>(scan->node), scan->fields, context);
  EXPECT_TRUE(pipeline);
  return pipeline->filtered(predicate).rows();
}

TEST(Pipeline, PrunesDaysRunsAndBlocks) {
  const auto snapshot = two_days().open();
  const Expression day_101 = value_of(101, kDateType);
  EXPECT_EQ(rows_left(*snapshot, call(Function::kEqual, kBoolType, {kDayField, day_101})), 2U);
  const Expression date = call(Function::kDate, kDateType, {kTime});
  EXPECT_EQ(rows_left(*snapshot, call(Function::kGreaterEqual, kBoolType, {date, day_101})), 2U);
  // In another zone the date is not the partition day: blocks decide.
  const Expression from_101 = call(Function::kGreaterEqual, kBoolType, {date, day_101});
  EXPECT_EQ(rows_left(*snapshot, from_101, "Pacific/Auckland"), 2U);
  EXPECT_EQ(rows_left(*snapshot, from_101, "America/Los_Angeles"), 0U);
  EXPECT_EQ(rows_left(*snapshot,
                      call(Function::kEqual, kBoolType, {genre_of(kTrack), text_value("rock")})),
            3U);
  EXPECT_EQ(rows_left(*snapshot, call(Function::kGreater, kBoolType, {kSeconds, value_of(45)})),
            3U);
  EXPECT_EQ(rows_left(*snapshot, call(Function::kEqual, kBoolType, {kTrack, text_value("lost")})),
            4U);
  EXPECT_EQ(rows_left(*snapshot, call(Function::kEqual, kBoolType, {kTrack, text_value("t9")})),
            0U);
}

TEST(Pipeline, AStaleSegmentLooksTheGenreUp) {
  SmallStore store = two_days();
  store.add_tracks({{"t1", "jazz", 1000}}, {"t1"});
  store.add_plays(101, {{5, "t1", 101 * kDay, 80}});
  const auto snapshot = store.open();
  const Expression jazz = call(Function::kEqual, kBoolType, {genre_of(kTrack), text_value("jazz")});
  EXPECT_THAT(run_rows(seconds_where(jazz), *snapshot), ElementsAre("10", "", "60", "80", "70"));
  ExecutionContext context(*snapshot, {});
  const PlanPointer scan = scan_plays();
  auto pipeline = Pipeline::over_scan(std::get<ScanNode>(scan->node), scan->fields, context);
  ASSERT_TRUE(pipeline);
  for (const Scope& scope : pipeline->scopes(ScopeKind::kDayAndCluster)) {
    EXPECT_FALSE(scope.has_code);
  }
}

TEST(Pipeline, ScopesHoldEveryRowOnce) {
  SmallStore store = two_days();
  store.add_plays(100, {{5, "t2", 100 * kDay, 80}, {5, "t1", 100 * kDay, 90}});
  const auto snapshot = store.open();
  ExecutionContext context(*snapshot, {});
  const PlanPointer scan = scan_plays();
  auto pipeline = Pipeline::over_scan(std::get<ScanNode>(scan->node), scan->fields, context);
  ASSERT_TRUE(pipeline);
  std::vector<std::string> seen;
  for (const Scope& scope : pipeline->scopes(ScopeKind::kDayAndCluster)) {
    EXPECT_TRUE(scope.has_code);
    seen.push_back((scope.day == kNoDay ? "-" : std::to_string(scope.day)) + ":" +
                   std::to_string(scope.code) + ":" + std::to_string(scope.rows) + "/" +
                   std::to_string(scope.morsels.size()));
  }
  // rock is code 1, jazz 2; unknown last, days without time last.
  EXPECT_THAT(seen, ElementsAre("100:1:2/2", "100:2:2/2", "100:0:2/1", "101:1:2/1", "-:2:1/1"));
  const auto days = pipeline->scopes(ScopeKind::kDay);
  ASSERT_EQ(days.size(), 3U);
  EXPECT_EQ(days[0].rows, 6U);
}

TEST(Pipeline, KnowsWhatIsConstantInAScope) {
  const auto snapshot = two_days().open();
  ExecutionContext context(*snapshot, {});
  const PlanPointer scan = scan_plays();
  auto pipeline = Pipeline::over_scan(std::get<ScanNode>(scan->node), scan->fields, context);
  ASSERT_TRUE(pipeline);
  const Expression month = call(Function::kBucketDate, kDateType, {kTime, text_value("month")});
  const Expression hour = call(Function::kBucketTime, kTimestampType, {kTime, value_of(kHour)});
  const Expression upper = call(Function::kUpper, kStringType, {genre_of(kTrack)});
  EXPECT_TRUE(pipeline->over_scope(month, ScopeKind::kDay));
  EXPECT_FALSE(pipeline->over_scope(hour, ScopeKind::kDay));
  EXPECT_FALSE(pipeline->over_scope(upper, ScopeKind::kDay));
  EXPECT_TRUE(pipeline->over_scope(upper, ScopeKind::kDayAndCluster));
  EXPECT_FALSE(pipeline->over_scope(duration_of(kTrack), ScopeKind::kDayAndCluster));
  EXPECT_TRUE(pipeline->determines_day(hour));
  EXPECT_TRUE(pipeline->determines_day(kDayField));
  EXPECT_FALSE(pipeline->determines_day(month));
}

TEST(Pipeline, DimensionsGiveTheRowsThatAreThere) {
  const auto snapshot = two_days().open();
  const PlanPointer tracks =
      scan_of("tracks", {0, 1, 2},
              {{"track_id", kStringType}, {"genre", kStringType}, {"duration_ms", kInt64Type}});
  EXPECT_THAT(run_rows(tracks, *snapshot), ElementsAre("t1,rock,1000", "t2,jazz,2000", "t3,rock,"));
}

TEST(Pipeline, ACatalogueThatCameLateAndSparseIsRead) {
  SmallStore store;
  store.add_plays(100, {{1, "a", 100 * kDay, 1}, {1, "b", 100 * kDay, 2}, {1, "c", 100 * kDay, 3}});
  store.add_tracks({{"c", "rock", 3}, {"a", {}, 1}}, {"a", "c"});
  const auto snapshot = store.open();
  const PlanPointer tracks =
      scan_of("tracks", {0, 2}, {{"track_id", kStringType}, {"duration_ms", kInt64Type}});
  EXPECT_THAT(run_rows(tracks, *snapshot), ElementsAre("a,1", "c,3"));
  EXPECT_THAT(
      run_rows(projected_plan(scan_plays(), {named("t", kTrack), named("g", genre_of(kTrack))}),
               *snapshot),
      ElementsAre("a,", "b,", "c,rock"));
}

TEST(Pipeline, ThreadsAndBatchesChangeNothing) {
  SmallStore store;
  std::vector<SmallTrack> tracks;
  for (int i = 0; i < 50; ++i) {
    tracks.push_back({numbered("t", i), numbered("g", i % 7),
                      i % 3 == 0 ? std::nullopt : std::optional<std::int64_t>(i)});
  }
  store.add_tracks(tracks);
  for (int segment = 0; segment < 4; ++segment) {
    std::vector<SmallPlay> plays;
    for (int i = 0; i < 20'000; ++i) {
      const int key = (i * 7919 + segment) % 50;
      plays.push_back({i % 97, numbered("t", key), (100 + segment / 2) * kDay + i,
                       i % 11 == 0 ? std::nullopt : std::optional<std::int64_t>(i % 300)});
    }
    store.add_plays(100 + segment / 2, std::move(plays));
  }
  const auto snapshot = store.open();
  const Expression slow = call(
      Function::kAnd, kBoolType,
      {call(Function::kGreater, kBoolType,
            {call(Function::kAdd, kInt64Type, {kSeconds, duration_of(kTrack)}), value_of(310)}),
       call(Function::kNotEqual, kBoolType, {genre_of(kTrack), text_value("g3")}),
       call(Function::kLess, kBoolType, {field(0, kInt64Type), value_of(60)})});
  const PlanPointer plan =
      projected_plan(filtered_plan(scan_plays(), slow),
                     {named("user", field(0, kInt64Type)), named("track", kTrack),
                      named("s", kSeconds), named("g", genre_of(kTrack))});
  const std::vector<std::string> expected = run_rows(plan, *snapshot, {});
  ASSERT_GT(expected.size(), 1000U);
  for (const int threads : {1, 2, 3, 8}) {
    for (const std::uint32_t batch_rows : {1U, 7U, 64U, 1000U, 65536U}) {
      if (batch_rows == 1 && threads != 2) continue;  // slow, and one is enough
      ExecutionOptions options;
      options.threads = threads;
      options.batch_rows = batch_rows;
      EXPECT_EQ(run_rows(plan, *snapshot, options), expected)
          << threads << " threads, batches of " << batch_rows;
      std::vector<std::string> streamed;
      auto done = execute(plan, *snapshot, options, [&](const Batch& batch) -> Result<void> {
        Relation one;
        one.batches.push_back(batch);
        const std::vector<std::string> rows = text_rows(one);
        streamed.insert(streamed.end(), rows.begin(), rows.end());
        return {};
      });
      ASSERT_TRUE(done);
      EXPECT_EQ(streamed, expected);
    }
  }
}

TEST(Pipeline, CancellationStopsTheRun) {
  const auto snapshot = two_days().open();
  const std::atomic<bool> cancelled{true};
  ExecutionOptions options;
  options.cancelled = &cancelled;
  const auto result = execute(scan_plays(), *snapshot, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace stave
