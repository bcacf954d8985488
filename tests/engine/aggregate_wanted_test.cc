// Shortcuts of grouping against grouping without them: places of an array as groups, groups that a
// `top` above cannot show, an order that nobody sees, and values that a day determines.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/grouper.h"
#include "engine/wanted_groups.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::int64_t kHourLong = 3'600'000'000;
constexpr std::int32_t kFirstDay = 20'000;

std::shared_ptr<const Snapshot> random_plays(std::mt19937& random) {
  SmallStore store;
  std::vector<SmallTrack> tracks;
  const auto genres = 1 + random() % 4;
  for (unsigned track = 0; track < 2 + random() % 12; ++track) {
    SmallTrack made{"t" + std::to_string(track), {}, {}};
    if (random() % 6 != 0) made.genre = "g" + std::to_string(random() % genres);
    tracks.push_back(made);
  }
  store.add_tracks(tracks);
  // A few days next to each other, or a year whose months are scopes.
  const bool is_long = random() % 2 == 0;
  const auto segments = is_long ? 16 + random() % 12 : 1 + random() % 4;
  for (unsigned segment = 0; segment < segments; ++segment) {
    const auto days = is_long ? 31 * (random() % 14) + 5 * (random() % 3) : 11 * (random() % 5);
    const auto day = static_cast<std::int32_t>(kFirstDay + days);
    std::vector<SmallPlay> plays(random() % 120);
    for (SmallPlay& play : plays) {
      play.user = static_cast<std::int64_t>(random() % 7);
      if (random() % 8 != 0) play.track = tracks[random() % tracks.size()].id;
      play.time = day * 24 * kHourLong + static_cast<std::int64_t>(random() % 24) * kHourLong;
      if (random() % 8 != 0) play.seconds = static_cast<std::int64_t>(random() % 300);
    }
    store.add_plays(day, std::move(plays));
    if (random() % 4 == 0) {  // the segments so far are stale for this track
      tracks[0].genre = "g" + std::to_string(random() % genres);
      store.add_tracks({tracks[0]}, {tracks[0].id});
    }
  }
  return store.open();
}

Expression play_track() {
  return field(kTrackColumn, kStringType);
}
Expression date_of(Expression time) {
  return call(Function::kDate, kDateType, {std::move(time)});
}
Expression month_of_time() {
  return call(Function::kBucketDate, kDateType,
              {field(kTimeColumn, kTimestampType), text_value("month")});
}

AggregateCall call_of(AggregateFunction function, Type type, std::vector<Expression> arguments) {
  AggregateCall made;
  made.function = function;
  made.type = type;
  made.arguments = std::move(arguments);
  made.name = "a";
  return made;
}

AggregateNode random_grouping(std::mt19937& random) {
  AggregateNode node;
  node.input = scan_plays();
  const std::vector<Expression> keys = {play_track(),
                                        field(4, kDateType),
                                        genre_of(play_track()),
                                        month_of_time(),
                                        field(kUserColumn, kInt64Type),
                                        field(kTimeColumn, kTimestampType)};
  for (const Expression& key : keys) {
    if (random() % 2 == 0) node.keys.push_back({"k" + std::to_string(node.keys.size()), key});
  }
  const Expression seconds = field(kSecondsColumn, kInt64Type);
  const Expression date = date_of(field(kTimeColumn, kTimestampType));
  node.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {})};
  if (random() % 3 == 0) return node;
  node.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {}),
                     call_of(AggregateFunction::kMin, kDateType, {date}),
                     call_of(AggregateFunction::kDistinct, kInt64Type, {play_track()})};
  if (random() % 2 == 0) {
    node.aggregates.push_back(call_of(AggregateFunction::kSum, kInt64Type, {seconds}));
    node.aggregates.push_back(call_of(AggregateFunction::kMax, kStringType, {play_track()}));
  }
  return node;
}

PlanPointer plan_of(AggregateNode node) {
  auto plan = std::make_shared<Plan>();
  for (const NamedExpression& key : node.keys)
    plan->fields.push_back({key.name, key.expression.type});
  for (const AggregateCall& made : node.aggregates) plan->fields.push_back({made.name, made.type});
  plan->node = std::move(node);
  return plan;
}

ExecutionOptions options_of(std::mt19937& random) {
  ExecutionOptions options;
  options.threads = static_cast<int>(1 + random() % 3);
  options.batch_rows = random() % 2 == 0 ? 0 : static_cast<std::uint32_t>(1 + random() % 40);
  return options;
}

RC_GTEST_PROP(GroupsWanted, PlacesAndDayConstantsChangeNothing, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto snapshot = random_plays(random);
  const PlanPointer plan = plan_of(random_grouping(random));
  const auto& node = std::get<AggregateNode>(plan->node);
  ExecutionContext context(*snapshot, options_of(random));
  const auto& scan = std::get<ScanNode>(node.input->node);
  const auto pipeline = Pipeline::over_scan(scan, node.input->fields, context);
  RC_ASSERT(pipeline);
  AggregateTuning plain;
  plain.strategy = GroupStrategy::kHash;
  plain.use_scopes = false;
  const auto expected = run_aggregate(node, plan->fields, *pipeline, context, plain);
  RC_ASSERT(expected);
  for (const bool use_scopes : {false, true}) {
    AggregateTuning tuning;
    tuning.use_scopes = use_scopes;
    const auto found = run_aggregate(node, plan->fields, *pipeline, context, tuning);
    RC_ASSERT(found);
    RC_ASSERT(text_rows(*found) == text_rows(*expected));
  }
}

// A filter that all groups pass keeps the `top` and the grouping from knowing of each other.
PlanPointer top_of(const PlanPointer& groups, bool may_cut, std::mt19937 random) {
  const auto& node = std::get<AggregateNode>(groups->node);
  const auto keys = static_cast<int>(node.keys.size());
  PlanPointer input = groups;
  if (!may_cut) {
    input = filtered_plan(
        input, call(Function::kGreaterEqual, kBoolType, {field(keys, kInt64Type), value_of(0)}));
  }
  std::vector<NamedExpression> columns;
  for (std::size_t i = 0; i < groups->fields.size(); ++i) {
    columns.push_back({groups->fields[i].name, field(static_cast<int>(i), groups->fields[i].type)});
  }
  input = projected_plan(input, columns);
  TopNode top;
  top.input = input;
  top.count = 1 + random() % 3;
  top.with_ties = random() % 3 == 0;
  const std::size_t choices = std::min<std::size_t>(3, node.aggregates.size());
  const auto ordered_by = static_cast<std::size_t>(keys) + random() % choices;
  top.keys.push_back(
      {field(static_cast<int>(ordered_by), groups->fields[ordered_by].type), random() % 2 == 0});
  for (int key = 0; key < keys; ++key) {
    const Expression column = field(key, node.keys[static_cast<std::size_t>(key)].expression.type);
    // Without it groups that tie stand in the order that they have.
    if (random() % 6 != 0) top.keys.push_back({column, false});
    if (random() % 2 == 0) top.per.push_back(column);
    if (node.keys[static_cast<std::size_t>(key)].expression == play_track() && random() % 2 == 0) {
      top.per.push_back(genre_of(column));
    }
    // Constant within a day, not within a month whose days are one scope.
    if (column.type == kTimestampType && random() % 2 == 0) top.per.push_back(date_of(column));
  }
  auto plan = std::make_shared<Plan>();
  plan->fields = groups->fields;
  plan->node = std::move(top);
  return plan;
}

RC_GTEST_PROP(GroupsWanted, GroupsBeyondATopAreNotMissed, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto snapshot = random_plays(random);
  const PlanPointer groups = plan_of(random_grouping(random));
  const ExecutionOptions options = options_of(random);
  const auto expected = run_rows(top_of(groups, false, random), *snapshot, options);
  RC_ASSERT(run_rows(top_of(groups, true, random), *snapshot, options) == expected);
}

// Ten months of three days, and in each hour of a day its own number of plays.
std::shared_ptr<const Snapshot> months_of_hours() {
  SmallStore store;
  store.add_tracks({{"t", {}, {}}});
  for (std::int32_t month = 0; month < 10; ++month) {
    for (std::int32_t date = 0; date < 3; ++date) {
      const std::int32_t day = kFirstDay + 31 * month + date;
      std::vector<SmallPlay> plays;
      for (std::int64_t hour = 0; hour < 5; ++hour) {
        const SmallPlay play{1, "t", (day * 24 + hour) * kHourLong, 1};
        plays.insert(plays.end(), static_cast<std::size_t>(10 * date + hour + 1), play);
      }
      store.add_plays(day, plays);
    }
  }
  return store.open();
}

TEST(GroupsWanted, DaysOfOneMonthAreNotComparedWithEachOther) {
  AggregateNode node;
  node.input = scan_plays();
  const Expression time = field(kTimeColumn, kTimestampType);
  node.keys = {{"month", month_of_time()}, {"time", time}};
  node.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {})};
  TopNode top;
  top.input = plan_of(node);
  top.count = 2;
  top.keys = {{field(2, kInt64Type), true}};
  top.per = {date_of(field(1, kTimestampType))};
  const auto snapshot = months_of_hours();
  Plan plan;
  plan.fields = top.input->fields;
  plan.node = top;
  EXPECT_EQ(run_rows(std::make_shared<Plan>(plan), *snapshot).size(), 60U);
  top.per = {field(0, kDateType)};
  plan.node = top;
  EXPECT_EQ(run_rows(std::make_shared<Plan>(plan), *snapshot).size(), 20U);
}

// The days of a month differ in the second key.
TEST(GroupsWanted, DaysAreOneScopeWhereAllTheirKeysAgree) {
  const Expression time = field(kTimeColumn, kTimestampType);
  const auto day_of_week = [](Expression of) {
    return call(Function::kDow, kInt64Type, {date_of(std::move(of))});
  };
  AggregateNode node;
  node.input = scan_plays();
  node.keys = {{"month", month_of_time()}, {"weekday", day_of_week(time)}, {"time", time}};
  node.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {})};
  AggregateNode by_time = node;
  by_time.keys = {{"time", time}};
  const PlanPointer projected = projected_plan(
      plan_of(by_time), {{"month", call(Function::kBucketDate, kDateType,
                                        {field(0, kTimestampType), text_value("month")})},
                         {"weekday", day_of_week(field(0, kTimestampType))},
                         {"time", field(0, kTimestampType)},
                         {"a", field(1, kInt64Type)}});
  const auto snapshot = months_of_hours();
  std::vector<std::string> expected = run_rows(projected, *snapshot);
  std::vector<std::string> found = run_rows(plan_of(node), *snapshot);
  EXPECT_EQ(found.size(), 150U);
  std::ranges::sort(expected);
  std::ranges::sort(found);
  EXPECT_EQ(found, expected);
}

TEST(GroupsWanted, AScopeOfManyDaysCanBeCancelled) {
  AggregateNode node;
  node.input = scan_plays();
  node.keys = {{"user", field(kUserColumn, kInt64Type)}};
  node.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {})};
  const auto snapshot = months_of_hours();
  std::atomic<bool> cancelled{false};
  ExecutionOptions options;
  options.cancelled = &cancelled;
  ExecutionContext context(*snapshot, options);
  const auto& scan = std::get<ScanNode>(node.input->node);
  const auto pipeline = Pipeline::over_scan(scan, node.input->fields, context);
  ASSERT_TRUE(pipeline);
  const std::vector<Scope> scopes = pipeline->scopes(ScopeKind::kDay);
  Grouper grouper(node, *pipeline, context, AggregateTuning());
  ASSERT_TRUE(grouper.prepare(plan_keys(node.keys, *pipeline, ScopeKind::kDay)));
  ASSERT_TRUE(grouper.add_scopes(scopes, 0, 1, 0));
  cancelled = true;
  const auto stopped = grouper.add_scopes(scopes, 1, 2, 0);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(GroupsWanted, WhatMayStopTheQueryIsComputedInAnOrderThatThreadsDoNotChange) {
  AggregateNode grouping;
  grouping.input = scan_plays();
  grouping.keys.push_back({"u", field(kUserColumn, kInt64Type)});
  grouping.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {})};
  const PlanPointer groups = plan_of(grouping);
  const Expression count = field(1, kInt64Type);
  const Expression sum = call(Function::kAdd, kInt64Type, {count, count});
  const Expression harmless = call(Function::kGreaterEqual, kBoolType, {count, value_of(0)});
  const Expression faulting = call(Function::kGreaterEqual, kBoolType, {sum, value_of(0)});
  const auto in_any_order = [&](const PlanPointer& input, const Expression& argument) {
    AggregateNode above;
    above.input = input;
    above.aggregates = {call_of(AggregateFunction::kMax, kInt64Type, {argument})};
    const PlanPointer plan = plan_of(above);
    const PlanReaders readers({plan});
    WantedGroups wanted(readers);
    wanted.note_reader(std::get<AggregateNode>(plan->node));
    const GroupsWanted found = wanted.of(std::get<AggregateNode>(groups->node));
    EXPECT_FALSE(found.in_order);
    return found.in_any_order;
  };
  EXPECT_TRUE(in_any_order(groups, count));
  EXPECT_FALSE(in_any_order(groups, sum));
  EXPECT_TRUE(in_any_order(filtered_plan(groups, harmless), count));
  EXPECT_FALSE(in_any_order(filtered_plan(groups, faulting), count));
  EXPECT_TRUE(in_any_order(projected_plan(groups, {{"k", count}, {"n", count}}), count));
  EXPECT_FALSE(in_any_order(projected_plan(groups, {{"k", count}, {"n", sum}}), count));
}

RC_GTEST_PROP(GroupsWanted, GroupsOfGroupsComeInAnyOrder, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto snapshot = random_plays(random);
  const PlanPointer groups = plan_of(random_grouping(random));
  const auto keys = static_cast<int>(std::get<AggregateNode>(groups->node).keys.size());
  AggregateNode above;
  above.input = groups;
  above.keys.push_back({"k", field(keys, kInt64Type)});
  const Field& last = groups->fields.back();
  const auto last_column = static_cast<int>(groups->fields.size()) - 1;
  above.aggregates = {call_of(AggregateFunction::kCount, kInt64Type, {}),
                      call_of(AggregateFunction::kMax, last.type, {field(last_column, last.type)})};
  const PlanPointer direct = plan_of(above);
  SortNode sort;
  sort.input = groups;
  sort.keys.push_back({field(keys, kInt64Type), false});
  auto sorted = std::make_shared<Plan>();
  sorted->fields = groups->fields;
  sorted->node = std::move(sort);
  above.input = sorted;
  const ExecutionOptions options = options_of(random);
  RC_ASSERT(run_rows(direct, *snapshot, options) == run_rows(plan_of(above), *snapshot, options));
}

}  // namespace
}  // namespace stave
