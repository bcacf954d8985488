// Rows that neighbours read together are those that each would read alone.
#include "engine/aggregate/run_windows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr int kGenres = 700;

// So many segments of one day, each with plays of most genres; some genres have none, and some
// plays no track.
SmallStore store_of(int segments, int plays_of_each) {
  SmallStore store;
  std::vector<SmallTrack> tracks;
  for (int i = 0; i < kGenres; ++i) {
    tracks.push_back({fmt::format("t{}", i), fmt::format("g{}", i),
                      i % 5 == 0 ? std::nullopt : std::optional<std::int64_t>(i)});
  }
  store.add_tracks(tracks);
  for (int segment = 0; segment < segments; ++segment) {
    std::vector<SmallPlay> plays;
    for (int i = 0; i < kGenres * plays_of_each; ++i) {
      const int genre = i % kGenres;
      if ((genre + segment) % 9 == 0) continue;
      const std::optional<std::string> track =
          genre % 50 == 3 ? std::nullopt : std::optional(fmt::format("t{}", genre));
      plays.push_back({i % 13, track, 100 * kDay + i,
                       i % 4 == 0 ? std::nullopt : std::optional<std::int64_t>(i % 100)});
    }
    store.add_plays(100, std::move(plays));
  }
  return store;
}

struct Scan {
  std::shared_ptr<const Snapshot> snapshot;
  std::unique_ptr<ExecutionContext> context;
  std::optional<Pipeline> pipeline;
  std::vector<Scope> scopes;
};

Scan scan_of(const SmallStore& store, const std::optional<Expression>& predicate) {
  Scan scan;
  scan.snapshot = store.open();
  scan.context = std::make_unique<ExecutionContext>(*scan.snapshot, ExecutionOptions{});
  const PlanPointer plan = scan_plays();
  auto pipeline = Pipeline::over_scan(std::get<ScanNode>(plan->node), plan->fields, *scan.context);
  EXPECT_TRUE(pipeline);
  scan.pipeline = predicate ? pipeline->filtered(*predicate) : *pipeline;
  scan.scopes = scan.pipeline->scopes(ScopeKind::kDayAndCluster);
  return scan;
}

std::vector<std::string> texts(const Batch& batch) {
  Relation relation;
  relation.batches.push_back(batch);
  return text_rows(relation);
}

void expect_same_rows(const Scan& scan) {
  const Expression track = field(1, kStringType);
  const Expression seconds = field(3, kInt64Type);
  const auto reader =
      scan.pipeline->read({field(0, kInt64Type), track, seconds, duration_of(track),
                           call(Function::kAdd, kInt64Type, {seconds, duration_of(track)})},
                          *scan.context);
  ASSERT_TRUE(reader);
  const auto together = (*reader)->make_worker();
  const auto alone = (*reader)->make_worker();
  RunWindows windows;
  ASSERT_TRUE(windows.plan(scan.scopes));
  std::size_t rows = 0;
  for (const Scope& scope : scan.scopes) {
    for (const Morsel& morsel : scope.morsels) {
      Batch expected;
      ASSERT_TRUE((*reader)->read(morsel, *alone, expected));
      const auto found = windows.next(**reader, *together);
      ASSERT_TRUE(found);
      EXPECT_EQ(texts(**found), texts(expected));
      rows += expected.rows;
    }
  }
  EXPECT_GT(rows, 100U);
}

TEST(RunWindows, GiveEachRunItsRows) {
  for (const int segments : {1, 3, 8}) {
    SCOPED_TRACE(segments);
    const SmallStore store = store_of(segments, 30);
    expect_same_rows(scan_of(store, std::nullopt));
    expect_same_rows(
        scan_of(store, call(Function::kLess, kBoolType, {field(3, kInt64Type), value_of(37)})));
    expect_same_rows(scan_of(store, call(Function::kNotEqual, kBoolType,
                                         {genre_of(field(1, kStringType)), text_value("g77")})));
  }
}

TEST(RunWindows, AreLeftAloneWhereTheyWouldNotPay) {
  RunWindows windows;
  EXPECT_FALSE(windows.plan(scan_of(store_of(9, 1), std::nullopt).scopes));
  SmallStore long_runs;
  long_runs.add_tracks({{"a", "rock", 1}, {"b", "jazz", 1}});
  std::vector<SmallPlay> plays;
  for (int i = 0; i < 20'000; ++i) plays.push_back({1, i % 2 == 0 ? "a" : "b", 100 * kDay, 1});
  long_runs.add_plays(100, std::move(plays));
  EXPECT_FALSE(windows.plan(scan_of(long_runs, std::nullopt).scopes));
}

}  // namespace
}  // namespace stave
