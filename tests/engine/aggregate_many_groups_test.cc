// Groups of more than one batch: in the order of their keys, for any number of threads and whether
// keys are found by hash or by place.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/group_rows.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

AggregateCall call_of(AggregateFunction function, Type type, std::vector<Expression> arguments) {
  AggregateCall made;
  made.function = function;
  made.type = type;
  made.arguments = std::move(arguments);
  made.name = "a";
  return made;
}

TEST(ManyGroups, ComeByKey) {
  std::mt19937 random(8);
  std::vector<std::string> lines;
  // Nulls come last.
  struct Sums {
    std::int64_t rows = 0;
    std::int64_t values = 0;
  };
  std::map<std::tuple<bool, std::int64_t, std::string>, Sums> expected;
  for (int row = 0; row < 90'000; ++row) {
    const auto user = static_cast<std::int64_t>(random() % 20'000);
    const std::string genre = "g" + std::to_string(random() % 3);
    const bool is_null = user == 7;
    lines.push_back((is_null ? "-" : std::to_string(user)) + " " + genre + " " +
                    std::to_string(row % 50));
    Sums& sums = expected[{is_null, is_null ? 0 : user, genre}];
    ++sums.rows;
    sums.values += row % 50;
  }
  SmallTables tables;
  const Relation input = tables.make("user:i64 genre:code@g seconds:i64", lines, 4000);
  AggregateNode node;
  node.keys = {{"user", column(input, "user")}, {"genre", column(input, "genre")}};
  node.aggregates = {
      call_of(AggregateFunction::kCount, kInt64Type, {}),
      call_of(AggregateFunction::kSum, kInt64Type, {column(input, "seconds")}),
      call_of(AggregateFunction::kAverage, kFloat64Type, {column(input, "seconds")})};
  const std::vector<Field> fields{{"user", kInt64Type},
                                  {"genre", kStringType},
                                  {"n", kInt64Type},
                                  {"sum", kInt64Type},
                                  {"average", kFloat64Type}};
  for (const int threads : {1, 3}) {
    for (const GroupStrategy strategy : {GroupStrategy::kAutomatic, GroupStrategy::kHash}) {
      TestContext test(threads);
      AggregateTuning tuning;
      tuning.strategy = strategy;
      const auto groups =
          run_aggregate(node, fields, Pipeline::over_relation(shared(input)), test.context, tuning);
      ASSERT_TRUE(groups);
      ASSERT_EQ(groups->rows, expected.size());
      ASSERT_GT(groups->batches.size(), 2u);
      auto next = expected.begin();
      for (const Batch& batch : groups->batches) {
        for (std::uint32_t row = 0; row < batch.rows; ++row, ++next) {
          const auto& [is_null, user, genre] = next->first;
          const Vector& users = batch.columns[0];
          const Vector& genres = batch.columns[1];
          ASSERT_EQ(is_valid(users.validity, row), !is_null);
          ASSERT_EQ(is_null ? user : users.values<std::int64_t>()[row], user);
          ASSERT_EQ(genres.dictionary->string_at(genres.values<std::uint32_t>()[row]), genre);
          ASSERT_EQ(batch.columns[2].values<std::int64_t>()[row], next->second.rows);
          ASSERT_EQ(batch.columns[3].values<std::int64_t>()[row], next->second.values);
          ASSERT_EQ(
              batch.columns[4].values<double>()[row],
              static_cast<double>(next->second.values) / static_cast<double>(next->second.rows));
        }
      }
    }
  }
}

}  // namespace
}  // namespace stave
