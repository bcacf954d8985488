// Rows that repeat a code of their segment: left out where nothing but that code and the day is
// read, and no group is the worse for it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>
#include <variant>

#include "engine/aggregate/aggregate_run.h"
#include "engine/pipeline.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int32_t kFirstDay = 20'000;
const Expression kUser = field(kUserColumn, kInt64Type);
const Expression kSeconds = field(kSecondsColumn, kInt64Type);
const Expression kDate = field(4, kDateType);

// 5 users with many plays each day, now and then a user nobody knows; some days have two segments.
std::shared_ptr<const Snapshot> plays_of_few(std::mt19937& random) {
  SmallStore store;
  store.add_tracks({{"t1", "rock", {}}, {"t2", "jazz", {}}});
  for (int segment = 0; segment < 6; ++segment) {
    const std::int32_t day = kFirstDay + segment * 2 / 3;
    std::vector<SmallPlay> plays(80 + random() % 80);
    for (SmallPlay& play : plays) {
      play.user = static_cast<std::int64_t>(random() % 5);
      play.track = random() % 3 == 0 ? "t1" : "t2";
      play.time = day * kDay + static_cast<std::int64_t>(random() % 1000);
      play.seconds = static_cast<std::int64_t>(random() % 300);
    }
    store.add_plays(day, std::move(plays));
  }
  return store.open();
}

Result<Pipeline> pipeline_of(const PlanPointer& scan, ExecutionContext& context) {
  return Pipeline::over_scan(std::get<ScanNode>(scan->node), scan->fields, context);
}

std::uint64_t rows_read(const Pipeline& pipeline, const std::vector<Expression>& expressions,
                        Repeats repeats, ExecutionContext& context) {
  const auto reader = pipeline.read(expressions, context, repeats);
  EXPECT_TRUE(reader);
  const auto worker = (*reader)->make_worker();
  std::uint64_t rows = 0;
  Batch batch;
  for (const Morsel& morsel : pipeline.morsels(MorselCut::kBlocks)) {
    EXPECT_TRUE((*reader)->read(morsel, *worker, batch));
    rows += batch.rows;
  }
  return rows;
}

TEST(RepeatedRows, AreLeftOutWhereNothingElseIsRead) {
  std::mt19937 random(7);
  const auto snapshot = plays_of_few(random);
  ExecutionOptions options;
  options.batch_rows = 30;
  ExecutionContext context(*snapshot, options);
  const PlanPointer scan = scan_plays();
  const auto pipeline = pipeline_of(scan, context);
  ASSERT_TRUE(pipeline);
  const std::uint64_t all = pipeline->rows();
  EXPECT_EQ(rows_read(*pipeline, {kUser}, Repeats::kMayGo, context), 6 * 5);
  EXPECT_EQ(rows_read(*pipeline, {kUser, kDate}, Repeats::kMayGo, context), 6 * 5);
  EXPECT_EQ(rows_read(*pipeline, {kUser}, Repeats::kStay, context), all);
  EXPECT_EQ(rows_read(*pipeline, {kUser, kSeconds}, Repeats::kMayGo, context), all);
  EXPECT_EQ(rows_read(*pipeline, {kSeconds}, Repeats::kMayGo, context), all);
  EXPECT_EQ(rows_read(*pipeline, {kDate}, Repeats::kMayGo, context), all);
}

AggregateCall call_of(AggregateFunction function, Type type, const Expression& argument) {
  AggregateCall made;
  made.function = function;
  made.type = type;
  made.arguments = {argument};
  made.name = "a";
  return made;
}

// A count beside them keeps every row.
RC_GTEST_PROP(RepeatedRows, ChangeNoGroup, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto snapshot = plays_of_few(random);
  PlanPointer input = scan_plays();
  if (random() % 2 == 0) {
    input = filtered_plan(input, call(Function::kLess, kBoolType, {kSeconds, value_of(20)}));
  }
  AggregateNode node;
  node.input = scan_plays();
  std::vector<Field> fields;
  const std::vector<Expression> keys = {kUser, kDate, genre_of(field(kTrackColumn, kStringType))};
  for (const Expression& key : keys) {
    if (random() % 2 != 0) continue;
    node.keys.push_back({"k", key});
    fields.push_back({"k", key.type});
  }
  const std::vector<AggregateCall> calls = {
      call_of(AggregateFunction::kDistinct, kInt64Type, kUser),
      call_of(AggregateFunction::kMin, kDateType, kDate),
      call_of(AggregateFunction::kMax, kInt64Type, kUser)};
  for (const AggregateCall& made : calls) {
    if (random() % 2 != 0 && !node.aggregates.empty()) continue;
    node.aggregates.push_back(made);
    fields.push_back({made.name, made.type});
  }
  ExecutionOptions options;
  options.threads = static_cast<int>(1 + random() % 3);
  options.batch_rows = random() % 2 == 0 ? 0 : static_cast<std::uint32_t>(1 + random() % 40);
  ExecutionContext context(*snapshot, options);
  auto pipeline = pipeline_of(node.input, context);
  RC_ASSERT(pipeline);
  if (const auto* filter = std::get_if<FilterNode>(&input->node)) {
    pipeline = pipeline->filtered(filter->predicate);
  }
  const auto found = run_aggregate(node, fields, *pipeline, context, AggregateTuning());
  RC_ASSERT(found);
  AggregateCall count;
  count.type = kInt64Type;
  node.aggregates.push_back(count);
  fields.push_back({"n", kInt64Type});
  auto expected = run_aggregate(node, fields, *pipeline, context, AggregateTuning());
  RC_ASSERT(expected);
  for (Batch& batch : expected->batches) batch.columns.pop_back();
  expected->fields.pop_back();
  RC_ASSERT(text_rows(*found) == text_rows(*expected));
}

}  // namespace
}  // namespace stave
