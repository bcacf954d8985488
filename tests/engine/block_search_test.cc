// Rows of a value that few rows have are those for which the predicate is true, whether blocks are
// searched first or not.
#include <gtest/gtest.h>

#include <random>

#include "engine/scan/pruning.h"
#include "engine/scan/table_source.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kFrequent = 1;  // on one day in a third of the rows, on others rarely
constexpr std::int64_t kRare = 2;
constexpr std::int64_t kUsers = 9000;

const Expression kUser = field(0, kInt64Type);
const Expression kTrack = field(1, kStringType);
const Expression kTime = field(2, kTimestampType);
const Expression kSeconds = field(3, kInt64Type);

// More blocks than are looked at without a search, and more users than a search needs.
SmallStore many_days(bool filters_users) {
  std::mt19937_64 random(5);
  SmallStore store;
  store.add_tracks({{"a", "rock", 5}, {"b", "pop", 7}, {"c", std::nullopt, std::nullopt}});
  for (std::int32_t day = 100; day < 112; ++day) {
    if (filters_users && day % 3 != 0) store.filter_users();
    std::vector<SmallPlay> plays;
    const std::int64_t rows = day == 105 ? 17'000 : 200;
    for (std::int64_t i = 0; i < rows; ++i) {
      SmallPlay play;
      play.user = static_cast<std::int64_t>(random() % kUsers) + 3;
      if (day == 103 ? i % 3 == 0 : random() % 400 == 0) play.user = kFrequent;
      if (day % 4 == 0 && i == rows / 2) play.user = kRare;
      play.track = std::string(1, static_cast<char>('a' + random() % 3));
      play.time = day * kDay + i * 1'000'000;
      play.seconds = static_cast<std::int64_t>(random() % 300);
      plays.push_back(play);
    }
    store.add_plays(day, std::move(plays));
  }
  return store;
}

Expression is(Function function, std::vector<Expression> arguments) {
  return call(function, kBoolType, std::move(arguments));
}

std::vector<std::string> kept_by_hand(const Expression& predicate, const Expression& shown,
                                      const Snapshot& snapshot) {
  std::vector<std::string> kept;
  for (const std::string& row :
       run_rows(projected_plan(scan_plays(), {{"p", predicate}, {"s", shown}}), snapshot)) {
    if (row.starts_with("true,")) kept.push_back(row.substr(5));
  }
  return kept;
}

// Whether code filters of some segments leave out blocks before.
class BlockSearch : public ::testing::TestWithParam<bool> {};

TEST_P(BlockSearch, GivesTheRowsForWhichItIsTrue) {
  const auto snapshot = many_days(GetParam()).open();
  ExecutionOptions in_pieces;
  in_pieces.batch_rows = 70;
  const std::vector<Expression> users = {
      is(Function::kEqual, {kUser, value_of(kRare)}),
      is(Function::kEqual, {kUser, value_of(kFrequent)}),
      is(Function::kEqual, {kUser, value_of(-5)}),
      is(Function::kIn, {kUser, value_of(kRare), value_of(kFrequent)})};
  const std::vector<Expression> others = {
      is(Function::kGreaterEqual, {kSeconds, value_of(100)}),
      is(Function::kEqual, {genre_of(kTrack), text_value("rock")}),
      is(Function::kEqual, {kUser, value_of(kFrequent)})};
  for (const Expression& user : users) {
    std::vector<Expression> predicates{user};
    for (const Expression& other : others) predicates.push_back(is(Function::kAnd, {user, other}));
    for (const Expression& predicate : predicates) {
      for (const Expression& shown : {kTime, kUser}) {
        const auto expected = kept_by_hand(predicate, shown, *snapshot);
        const PlanPointer plan =
            projected_plan(filtered_plan(scan_plays(), predicate), {{"s", shown}});
        EXPECT_EQ(run_rows(plan, *snapshot), expected);
        EXPECT_EQ(run_rows(plan, *snapshot, in_pieces), expected);
      }
    }
  }
  EXPECT_EQ(kept_by_hand(users[0], kTime, *snapshot).size(), 3u);
}

INSTANTIATE_TEST_SUITE_P(Filters, BlockSearch, ::testing::Bool());

// The segments that are left of four, of which one has the rare user: too few to be searched.
std::size_t segments_left(bool filters_users) {
  SmallStore store;
  store.add_tracks({{"a", "rock", 5}});
  if (filters_users) store.filter_users();
  for (std::int32_t day = 100; day < 104; ++day) {
    std::vector<SmallPlay> plays;
    for (std::int64_t user = 1; user < 900; ++user) {
      if (user != kRare || day == 100) plays.push_back({user * 10, "a", day * kDay, 1});
    }
    store.add_plays(day, std::move(plays));
  }
  const auto snapshot = store.open();
  ExecutionContext context(*snapshot, {});
  ScanNode scan;
  scan.table = "plays";
  scan.columns = {kUserColumn};
  const auto source = TableSource::open(scan, context);
  EXPECT_TRUE(source);
  return prune(**source, {is(Function::kEqual, {kUser, value_of(kRare * 10)})}, context)
      .spans.size();
}

TEST(CodeFilters, LeaveOutBlocksBeforeTheyAreRead) {
  EXPECT_EQ(segments_left(false), 4u);
  EXPECT_EQ(segments_left(true), 1u);
}

}  // namespace
}  // namespace stave
