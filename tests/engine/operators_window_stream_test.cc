// Windows that are columns of the pipeline they read from, against those over rows in memory.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine/operators/operators.h"
#include "engine/pipeline.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

std::vector<WindowCall> calls_over(const Relation& input, const std::string& key) {
  std::vector<WindowCall> calls;
  const auto add = [&](AggregateFunction aggregate, Type type, const std::string& argument) {
    WindowCall call;
    call.function = WindowFunction::kAggregate;
    call.aggregate = aggregate;
    call.type = type;
    call.name = "w" + std::to_string(calls.size());
    if (!argument.empty()) call.arguments = {column(input, argument)};
    call.per = {column(input, key)};
    calls.push_back(call);
  };
  add(AggregateFunction::kCount, kInt64Type, "");
  add(AggregateFunction::kMin, kInt64Type, "v");
  add(AggregateFunction::kMax, kStringType, "t");
  add(AggregateFunction::kMin, kStringType, "c");
  add(AggregateFunction::kDistinct, kInt64Type, "c");
  return calls;
}

std::vector<Field> fields_of(const Relation& input, const std::vector<WindowCall>& calls) {
  std::vector<Field> fields = input.fields;
  for (const WindowCall& call : calls) fields.push_back({call.name, call.type});
  return fields;
}

RC_GTEST_PROP(WindowStream, EqualsTheWindowOverRows, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto cell = [&](const std::string& prefix, unsigned values) {
    const auto drawn = random() % (values + 1);
    return drawn == 0 ? std::string("-") : prefix + std::to_string(drawn);
  };
  std::vector<std::string> rows;
  for (int row = *rc::gen::inRange(10, 80); row > 0; --row) {
    rows.push_back(cell("", 4) + " " + cell("", 9) + " " + cell("t", 5) + " " + cell("c", 5));
  }
  SmallTables tables;
  const std::string kind = *rc::gen::element<std::string>("int@k", "code@k");
  const Relation input =
      tables.make("k:" + kind + " v:i64 t:str c:code@c", rows, *rc::gen::inRange(1U, 30U));
  WindowNode node;
  node.calls = calls_over(input, "k");
  const std::vector<Field> fields = fields_of(input, node.calls);
  TestContext test(*rc::gen::inRange(1, 4));
  const auto expected = run_window(node, fields, input, test.context);
  RC_ASSERT(expected);
  const Pipeline pipeline = Pipeline::over_relation(std::make_shared<Relation>(input));
  const auto streamed = stream_window(node, fields, pipeline, test.context);
  RC_ASSERT(streamed);
  RC_ASSERT(streamed->has_value());
  RC_ASSERT(rows_of(rows_in(**streamed, test.context)) == rows_of(*expected));
}

TEST(WindowStream, NeedsOneCodedKeyAndWholePartitions) {
  SmallTables tables;
  const Relation input = tables.make("k:code@k v:i64 t:str c:code@c", {"a 1 x y", "b 2 z y"});
  TestContext test;
  const Pipeline pipeline = Pipeline::over_relation(std::make_shared<Relation>(input));
  const auto streams = [&](const std::vector<WindowCall>& calls) {
    const auto streamed =
        stream_window({nullptr, calls}, fields_of(input, calls), pipeline, test.context);
    EXPECT_TRUE(streamed);
    return streamed && streamed->has_value();
  };
  std::vector<WindowCall> calls = calls_over(input, "k");
  EXPECT_TRUE(streams(calls));
  EXPECT_FALSE(streams(calls_over(input, "t")));
  calls[1].sort = {{column(input, "v"), false}};
  EXPECT_FALSE(streams(calls));
  calls = calls_over(input, "k");
  calls[1].per = {column(input, "c")};
  EXPECT_FALSE(streams(calls));
}

}  // namespace
}  // namespace stave
