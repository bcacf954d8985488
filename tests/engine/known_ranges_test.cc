// What is made of columns whose range is known: tables of costly functions, and codes of values
// that are evenly spaced.
#include <gtest/gtest.h>

#include "engine/aggregate/value_encoder.h"
#include "engine/evaluator.h"
#include "engine/runtime/value_text.h"
#include "tests/engine/support/small_store.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

constexpr std::uint64_t kManyRows = 1'000'000;
constexpr std::int64_t kMinute = 60'000'000;

struct Evaluated {
  ColumnShape shape;
  std::vector<Vector> batches;
  std::string text;  // the cells, or the fault
};

Evaluated evaluated(const Expression& expression, const Relation& rows, ColumnShape shape,
                    std::uint64_t row_count) {
  TestContext test;
  Evaluated result;
  auto evaluator = Evaluator::prepare({expression}, {std::move(shape)}, row_count, test.context);
  if (!evaluator) return {{}, {}, evaluator.error().message};
  result.shape = evaluator->shapes()[0];
  Evaluator::Scratch scratch;
  for (const Batch& batch : rows.batches) {
    std::vector<Vector> out;
    if (auto done = evaluator->evaluate(batch, scratch, out); !done) {
      result.text = done.error().message;
      return result;
    }
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      append_cell(out[0], row, result.text);
      result.text += '|';
    }
    result.batches.push_back(out[0]);
  }
  return result;
}

ColumnShape with_range(const Relation& rows, std::int64_t least, std::int64_t most) {
  ColumnShape shape = shapes_of(rows)[0];
  shape.range = std::pair(least, most);
  return shape;
}

TEST(KnownRanges, ACostlyFunctionOfFewIntegersIsATable) {
  SmallTables tables;
  const Relation rows = tables.make("x:d2", {"-250", "-", "149", "150", "-"}, 2);
  const ColumnShape shape = with_range(rows, -250, 150);
  const Expression x = field(0, decimal_type(18, 2));
  const Expression rounded = call(Function::kRound, decimal_type(18, 2), {x, value_of(0)});
  const Expression text = call(Function::kCast, kStringType, {x});

  const Evaluated table = evaluated(rounded, rows, shape, kManyRows);
  EXPECT_EQ(table.text, "-3.00||1.00|2.00||");
  ASSERT_TRUE(table.shape.range);
  EXPECT_EQ(*table.shape.range, std::pair(std::int64_t{-300}, std::int64_t{200}));
  EXPECT_EQ(evaluated(text, rows, shape, kManyRows).shape.representation, Representation::kCode);
  EXPECT_EQ(evaluated(text, rows, shape, kManyRows).text, "-2.50||1.49|1.50||");

  // Few rows, or values of any size, go one by one.
  for (const auto& [plain, row_count] :
       {std::pair(shape, std::uint64_t{100}), std::pair(shapes_of(rows)[0], kManyRows),
        std::pair(with_range(rows, INT64_MIN, INT64_MAX), kManyRows)}) {
    EXPECT_EQ(evaluated(text, rows, plain, row_count).shape.representation,
              Representation::kString);
    EXPECT_EQ(evaluated(rounded, rows, plain, row_count).text, table.text);
  }
}

TEST(KnownRanges, AFaultOfAValueThatNoRowHasIsNone) {
  SmallTables tables;
  const Relation rows = tables.make("x:d2", {"1", "-2"}, 2);
  const Expression x = field(0, decimal_type(18, 2));
  // 9.50 and above do not fit one digit.
  const Expression rounded = call(Function::kRound, decimal_type(1, 0), {x, value_of(0)});
  EXPECT_EQ(evaluated(rounded, rows, with_range(rows, -2, 2000), kManyRows).text, "0|0|");
}

TEST(KnownRanges, BucketsOfTimesAreEvenlySpacedCodes) {
  SmallTables tables;
  const std::vector<std::string> times = {"59999999", "-", "60000000", "-1", "600000001"};
  Relation rows = tables.make("t:i64", times, 5);
  rows.fields[0].type = kTimestampType;
  for (Batch& batch : rows.batches) batch.columns[0].type = kTimestampType;
  const Expression bucket =
      call(Function::kBucketTime, kTimestampType, {field(0, kTimestampType), value_of(kMinute)});
  const Evaluated minutes = evaluated(bucket, rows, with_range(rows, -1, 600'000'001), kManyRows);
  ASSERT_TRUE(minutes.shape.range);
  EXPECT_EQ(*minutes.shape.range, std::pair(-kMinute, 10 * kMinute));
  EXPECT_EQ(minutes.shape.step, kMinute);

  ValueEncoder encoder(minutes.shape);
  EXPECT_TRUE(encoder.is_fixed());
  EXPECT_EQ(encoder.size(), 13U);  // null, the minute before 1970 and eleven from there
  const auto codes = encoder.encode(minutes.batches[0]);
  ASSERT_TRUE(codes);
  const std::vector<std::uint32_t> expected = {2, 0, 3, 1, 12};
  EXPECT_EQ(std::vector(*codes, *codes + 5), expected);
  std::string decoded;
  const Vector values = encoder.decode(std::span(expected));
  for (std::uint32_t row = 0; row < 5; ++row) {
    append_cell(values, row, decoded);
    decoded += '|';
  }
  EXPECT_EQ(decoded, minutes.text);
}

// Arrays by code would be empty for the most part.
TEST(KnownRanges, ManyStepsAreNoCodes) {
  ColumnShape shape;
  shape.type = kTimestampType;
  shape.step = kMinute;
  shape.range = std::pair(std::int64_t{0}, kMinute * ((1 << 20) - 1));
  EXPECT_TRUE(ValueEncoder(shape).is_fixed());
  shape.range->second += kMinute;
  EXPECT_FALSE(ValueEncoder(shape).is_fixed());
}

}  // namespace
}  // namespace stave
