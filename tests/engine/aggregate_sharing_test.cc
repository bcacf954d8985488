// Averages that share the counts of rows, and calls that share rows set aside, give what each of
// them gives alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "engine/aggregate/grouping.h"
#include "engine/aggregate/result_vector.h"
#include "storage/file_system.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

constexpr std::uint32_t kKeys = 40;

// Of a column of the batches, or of none.
AggregateCall call_of(AggregateFunction function, Type type, int column, double parameter = 0) {
  AggregateCall call;
  call.function = function;
  call.type = type;
  call.parameter = Value{kFloat64Type, parameter};
  if (column > 0) {
    call.arguments.emplace_back();
    call.arguments.back().kind = ExpressionKind::kColumn;
    call.arguments.back().column = column;
  }
  return call;
}

class SharingTest : public ::testing::Test {
 protected:
  SharingTest() {
    auto files = memory_file_system("sharing");
    Schema schema;
    schema.name = "empty";
    EXPECT_TRUE(create_store(*files, schema, "UTC"));
    snapshot_ = *Snapshot::open(files);
    context_ = std::make_unique<ExecutionContext>(*snapshot_, ExecutionOptions{});
    for (Batch& batch : batches_) {
      batch.rows = 300;
      std::vector<std::int64_t> keys(batch.rows);
      std::vector<std::int64_t> integers(batch.rows);
      std::vector<double> reals(batch.rows);
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        keys[row] = static_cast<std::int64_t>(random_() % kKeys);
        integers[row] = static_cast<std::int64_t>(random_() % 1000) - 300;
        reals[row] = static_cast<double>(random_()) / 1e9;
      }
      const auto of = [](Type type, Representation representation, auto values) {
        ValidityBits validity(values.size());
        return make_vector(type, representation, std::move(values), std::move(validity));
      };
      batch.columns = {of(kInt64Type, Representation::kInt64, keys),
                       of(kInt64Type, Representation::kInt64, integers),
                       of(kFloat64Type, Representation::kFloat64, reals)};
    }
  }

  // The results of the calls, each a row for each key in order: two threads, of two batches each.
  std::vector<Vector> results_of(const std::vector<AggregateCall>& calls, GroupStrategy strategy,
                                 std::uint64_t most_places) {
    GroupingLayout layout;
    layout.calls = &calls;
    layout.row_keys = 1;
    layout.strategy = strategy;
    layout.most_slots = 1 << 16;
    layout.most_places = most_places;
    std::vector<std::size_t> columns{0};
    for (const AggregateCall& call : calls) {
      for (const Expression& argument : call.arguments) {
        columns.push_back(static_cast<std::size_t>(argument.column));
      }
    }
    for (const std::size_t column : columns) {
      ColumnShape shape;
      shape.type = column == 2 ? kFloat64Type : kInt64Type;
      shape.representation = column == 2 ? Representation::kFloat64 : Representation::kInt64;
      shape.may_be_null = false;
      if (column == 0) shape.range = std::pair<std::int64_t, std::int64_t>(0, kKeys - 1);
      layout.shapes.push_back(shape);
    }
    std::vector<std::unique_ptr<Grouping>> threads;
    for (std::size_t thread = 0; thread < 2; ++thread) {
      threads.push_back(*Grouping::make(layout, *context_));
      for (std::size_t number = 0; number < 2; ++number) {
        const Batch& from = batches_[thread * 2 + number];
        Batch batch;
        batch.rows = from.rows;
        for (const std::size_t column : columns) batch.columns.push_back(from.columns[column]);
        EXPECT_TRUE(threads.back()->add(batch));
      }
    }
    EXPECT_TRUE(threads[0]->merge(*threads[1]));
    EXPECT_TRUE(threads[0]->complete());
    std::vector<std::uint32_t> order(threads[0]->groups());
    std::iota(order.begin(), order.end(), 0U);
    const std::vector<std::uint32_t> codes = threads[0]->key_codes(0);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t left, std::uint32_t right) { return codes[left] < codes[right]; });
    std::vector<Vector> results;
    for (std::size_t call = 0; call < calls.size(); ++call) {
      results.push_back(*threads[0]->finish(call, order));
    }
    return results;
  }

  std::mt19937_64 random_{11};
  std::array<Batch, 4> batches_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<ExecutionContext> context_;
};

TEST_F(SharingTest, GiveWhatEachCallGivesAlone) {
  using enum AggregateFunction;
  const std::vector<AggregateCall> calls{
      call_of(kAverage, kFloat64Type, 1), call_of(kAverage, kFloat64Type, 2),
      call_of(kCount, kInt64Type, 0),     call_of(kSum, kFloat64Type, 2),
      call_of(kSum, kInt64Type, 1),       call_of(kAverage, kFloat64Type, 2)};
  const auto expect_alone = [&](const std::vector<AggregateCall>& together) {
    for (const auto strategy : {GroupStrategy::kAutomatic, GroupStrategy::kHash}) {
      for (const std::uint64_t most_places : {0U, 1000U}) {
        const std::vector<Vector> all = results_of(together, strategy, most_places);
        for (std::size_t call = 0; call < together.size(); ++call) {
          const Vector alone = results_of({together[call]}, strategy, most_places)[0];
          ASSERT_EQ(all[call].size, kKeys);
          ASSERT_EQ(alone.size, kKeys);
          for (std::uint32_t key = 0; key < kKeys; ++key) {
            EXPECT_EQ(all[call].values<std::uint64_t>()[key], alone.values<std::uint64_t>()[key])
                << call << ' ' << key;
          }
        }
      }
    }
  };
  expect_alone(calls);
  expect_alone({calls[0], calls[1]});
  expect_alone({calls[2], calls[4], calls[0]});
  const AggregateCall middle = call_of(kQuantile, kFloat64Type, 2, 0.5);
  const AggregateCall deviation = call_of(kStandardDeviation, kFloat64Type, 2);
  const AggregateCall other_middle = call_of(kQuantile, kFloat64Type, 1, 0.5);
  const AggregateCall other_deviation = call_of(kStandardDeviation, kFloat64Type, 1);
  expect_alone({middle, other_deviation, calls[0], deviation,
                call_of(kQuantile, kFloat64Type, 2, 0.9), call_of(kQuantile, kInt64Type, 1, 0.3),
                other_middle});
  expect_alone({deviation, middle, middle, other_middle, other_deviation});
}

}  // namespace
}  // namespace stave
