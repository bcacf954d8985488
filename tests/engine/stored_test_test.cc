// Predicates that blocks answer let through the rows for which the evaluator says true: the same
// predicate is also computed as a column, which is never asked of blocks.
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

const Expression kUser = field(0, kInt64Type);
const Expression kTrack = field(1, kStringType);
const Expression kTime = field(2, kTimestampType);
const Expression kSeconds = field(3, kInt64Type);

SmallStore many_plays() {
  std::mt19937_64 random(3);
  SmallStore store;
  std::vector<SmallTrack> tracks;
  for (int i = 0; i < 40; ++i) {
    tracks.push_back({"t" + std::to_string(i),
                      i % 9 == 0 ? std::nullopt : std::optional("g" + std::to_string(i % 5)),
                      std::nullopt});
  }
  store.add_tracks(tracks);
  for (int segment = 0; segment < 3; ++segment) {
    std::vector<SmallPlay> plays;
    const std::int64_t rows = segment == 1 ? 17'000 : 1500;
    for (std::int64_t i = 0; i < rows; ++i) {
      SmallPlay play;
      play.user = static_cast<std::int64_t>(random() % 200);
      if (random() % 10 != 0) play.track = "t" + std::to_string(random() % 45);
      play.time = (100 + segment) * kDay + i * 1'000'000;
      // One segment without nulls, one with nothing else.
      const bool has_seconds = segment == 0 || (segment == 1 && random() % 50 != 0);
      if (has_seconds) play.seconds = static_cast<std::int64_t>(random() % 400) - 20;
      plays.push_back(play);
    }
    store.add_plays(100 + segment, std::move(plays));
  }
  return store;
}

Expression is(Function function, std::vector<Expression> arguments) {
  return call(function, kBoolType, std::move(arguments));
}

std::vector<Expression> predicates() {
  std::vector<Expression> all;
  for (const Function function :
       {Function::kEqual, Function::kNotEqual, Function::kLess, Function::kLessEqual,
        Function::kGreater, Function::kGreaterEqual, Function::kIs, Function::kIsNot}) {
    for (const std::int64_t value : {-20, 0, 30, 379, 5000}) {
      all.push_back(is(function, {kSeconds, value_of(value)}));
      all.push_back(is(function, {value_of(value), kSeconds}));
    }
    all.push_back(is(function, {kTrack, text_value("t7")}));
    all.push_back(is(function, {kTrack, text_value("nowhere")}));
    all.push_back(is(function, {kUser, value_of(17)}));
    all.push_back(is(function, {kUser, value_of(-17)}));
  }
  all.push_back(is(Function::kIsNull, {kSeconds}));
  all.push_back(is(Function::kIsNotNull, {kSeconds}));
  all.push_back(is(Function::kIsNull, {kTrack}));
  all.push_back(is(Function::kIsNotNull, {kTrack}));
  all.push_back(is(Function::kIn, {kSeconds, value_of(3), value_of(-9), value_of(300)}));
  all.push_back(is(Function::kIn, {kSeconds, value_of(3), null_value(kInt64Type)}));
  all.push_back(is(Function::kIn, {kTrack, text_value("t3"), text_value("t44"), text_value("?")}));
  all.push_back(is(Function::kIn, {kTrack, text_value("?")}));
  all.push_back(is(Function::kIn, {kUser, value_of(1), value_of(2), null_value(kInt64Type)}));
  std::vector<Expression> long_list{kUser};
  for (std::int64_t i = 0; i < 40; ++i) long_list.push_back(value_of(i * 3));
  all.push_back(is(Function::kIn, long_list));
  all.push_back(is(Function::kBetween, {kSeconds, value_of(10), value_of(90)}));
  all.push_back(is(Function::kBetween, {kSeconds, null_value(kInt64Type), value_of(90)}));
  all.push_back(is(Function::kBetween, {kSeconds, value_of(90), value_of(10)}));
  all.push_back(is(Function::kLess, {kTime, value_of(101 * kDay + 5'000'000'000, kTimestampType)}));
  const std::size_t plain = all.size();
  for (std::size_t i = 0; i < plain; ++i) all.push_back(is(Function::kNot, {all[i]}));
  return all;
}

std::vector<std::string> kept_by_hand(const Expression& predicate, const Expression& shown,
                                      const Snapshot& snapshot) {
  std::vector<std::string> kept;
  const auto rows =
      run_rows(projected_plan(scan_plays(), {{"p", predicate}, {"s", shown}}), snapshot);
  for (const std::string& row : rows) {
    if (row.starts_with("true,")) kept.push_back(row.substr(5));
  }
  return kept;
}

TEST(StoredTest, LetsThroughWhatIsTrue) {
  const auto snapshot = many_plays().open();
  ExecutionOptions in_pieces;
  in_pieces.batch_rows = 1000;
  std::size_t number = 0;
  for (const Expression& predicate : predicates()) {
    SCOPED_TRACE("predicate " + std::to_string(number++));
    // A column that the predicate is not over.
    const bool over_time = predicate.arguments[0] == kTime;
    const Expression& shown = over_time ? kSeconds : kTime;
    const auto expected = kept_by_hand(predicate, shown, *snapshot);
    const PlanPointer plan = projected_plan(filtered_plan(scan_plays(), predicate), {{"s", shown}});
    EXPECT_EQ(run_rows(plan, *snapshot), expected);
    if (number % 4 == 0) {
      EXPECT_EQ(run_rows(plan, *snapshot, in_pieces), expected);
    }
  }
}

TEST(StoredTest, SeveralAndOneThatIsNot) {
  const auto snapshot = many_plays().open();
  const Expression even =
      is(Function::kEqual,
         {call(Function::kRemainder, kInt64Type, {kUser, value_of(2)}), value_of(0)});
  for (const std::int64_t least : {-100, 100, 350}) {
    const Expression all =
        is(Function::kAnd, {is(Function::kGreaterEqual, {kSeconds, value_of(least)}),
                            is(Function::kNotEqual, {kTrack, text_value("t7")}), even});
    const PlanPointer plan = projected_plan(filtered_plan(scan_plays(), all), {{"t", kTime}});
    EXPECT_EQ(run_rows(plan, *snapshot), kept_by_hand(all, kTime, *snapshot));
  }
}

TEST(StoredTest, OfWhatIsShownAsWell) {
  const auto snapshot = many_plays().open();
  for (const Function function : {Function::kEqual, Function::kNotEqual, Function::kIn}) {
    for (const Expression& column : {kUser, kTrack}) {
      const bool of_user = column == kUser;
      std::vector<Expression> arguments{column, of_user ? value_of(17) : text_value("t17")};
      if (function == Function::kIn) {
        arguments.push_back(of_user ? value_of(18) : text_value("t18"));
      }
      const Expression predicate = is(function, arguments);
      const PlanPointer plan =
          projected_plan(filtered_plan(scan_plays(), predicate), {{"c", column}});
      EXPECT_EQ(run_rows(plan, *snapshot), kept_by_hand(predicate, column, *snapshot));
    }
  }
}

TEST(StoredTest, OfADimensionWhoseFilesEndEarly) {
  SmallStore store;
  store.add_plays(100, {{1, "a", 100 * kDay, 1}, {1, "b", 100 * kDay, 2}, {1, "c", 100 * kDay, 3}});
  store.add_tracks({{"a", "rock", 5}, {"b", std::nullopt, std::nullopt}});
  const auto snapshot = store.open();
  const PlanPointer tracks = scan_of(
      "tracks", {0, 1, 2},
      {{"track_id", kStringType}, {"track_genre", kStringType}, {"duration_ms", kInt64Type}});
  const auto where = [&](const Expression& predicate) {
    return run_rows(
        projected_plan(filtered_plan(tracks, predicate), {{"id", field(0, kStringType)}}),
        *snapshot);
  };
  using Rows = std::vector<std::string>;
  EXPECT_EQ(where(is(Function::kIsNull, {field(1, kStringType)})), Rows{"b"});
  EXPECT_EQ(where(is(Function::kIsNull, {field(2, kInt64Type)})), Rows{"b"});
  EXPECT_EQ(where(is(Function::kEqual, {field(2, kInt64Type), value_of(5)})), Rows{"a"});
  EXPECT_EQ(where(is(Function::kNotEqual, {field(2, kInt64Type), value_of(5)})), Rows{});
}

}  // namespace
}  // namespace stave
