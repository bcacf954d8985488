// Union, expand and expect: operators that look at one row at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/make_expression.h"
#include "engine/operators/list_parts.h"
#include "engine/operators/operators.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> united(std::vector<Relation> inputs) {
  TestContext test;
  const std::vector<Field> fields = inputs[0].fields;
  const auto output = run_union({}, fields, std::move(inputs), test.context);
  EXPECT_TRUE(output) << output.error().message;
  if (!output) {
    return {};
  }
  for (const Batch& batch : output->batches) {  // what other operators rely on
    for (std::size_t column = 0; column < fields.size(); ++column) {
      const Vector& first = output->batches[0].columns[column];
      EXPECT_EQ(batch.columns[column].representation, first.representation);
      EXPECT_EQ(batch.columns[column].dictionary, first.dictionary);
    }
  }
  return rows_of(*output);
}

TEST(Union, JoinsDictionariesThroughValues) {
  SmallTables tables;
  const Relation one = tables.make("t:code@1 n:int@1", {"a 1", "b 2", "- -"}, 2);
  const Relation two = tables.make("t:code@2 n:int@2", {"b 2", "c 1", "a -"}, 2);
  EXPECT_THAT(united({one, two, one}),
              ElementsAre("a 1", "b 2", "- -", "b 2", "c 1", "a -", "a 1", "b 2", "- -"));
}

TEST(Union, WritesCodesOutBesidePlainValues) {
  SmallTables tables;
  const Relation coded = tables.make("t:code@1 n:int@1", {"a 1", "- -"});
  const Relation plain = tables.make("t:str n:i64", {"_ 7", "- -"});
  EXPECT_THAT(united({coded, plain}), ElementsAre("a 1", "- -", "_ 7", "- -"));
  EXPECT_THAT(united({plain, coded}), ElementsAre("_ 7", "- -", "a 1", "- -"));
}

TEST(Union, AnEmptyInputAddsNothing) {
  SmallTables tables;
  EXPECT_THAT(united({tables.make("t:code@1", {}), tables.make("t:code@2", {"x"})}),
              ElementsAre("x"));
}

std::vector<std::string> parts_of(std::string_view list) {
  ListParts parts(list);
  std::vector<std::string> all;
  for (;;) {
    const auto part = parts.next();
    if (!part) {
      all.push_back(name_of(part.error().code));
      return all;
    }
    if (!*part) {
      return all;
    }
    all.emplace_back(**part);
  }
}

TEST(ListParts, ReadsWhatJsonAllows) {
  EXPECT_THAT(parts_of("[]"), ElementsAre());
  EXPECT_THAT(parts_of(R"([ "a" , "" ])"), ElementsAre("a", ""));
  EXPECT_THAT(parts_of(R"(["\"\\\/\n","é\ud83d\ude00","é"])"), ElementsAre("\"\\/\n", "é😀", "é"));
  EXPECT_THAT(parts_of("[1,-2.5,true]"), ElementsAre("1", "-2.5", "true"));
}

TEST(ListParts, RefusesWhatIsNoArray) {
  for (const char* list : {"", "x", "[", "[\"a\"", "[\"a", "[\"a\" \"b\"]", "[\"\\x\"]",
                           "[\"\\ud800\\u0041\"]", "[\"\\u00g0\"]", "[1"}) {
    const auto parts = parts_of(list);
    ASSERT_FALSE(parts.empty()) << list;
    EXPECT_EQ(parts.back(), "internal") << list;
  }
}

TEST(Expand, GivesARowForEachPartAndNoneForNothing) {
  SmallTables tables;
  const Relation input =
      tables.make("id:int@i l:list", {R"(1 ["x","y"])", "2 -", "3 []", R"(4 ["z",""])"}, 2);
  ExpandNode node;
  node.list = {"part", column(input, "l")};
  for (const std::uint32_t batch_rows : {1U, 2U, 100U}) {
    TestContext test(2, batch_rows);
    const auto output = run_expand(node, with_fields(input.fields, {{"part", kStringType}}),
                                   Pipeline::over_relation(shared(input)), test.context);
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_THAT(rows_of(*output), ElementsAre(R"(1 ["x","y"] x)", R"(1 ["x","y"] y)",
                                              R"(4 ["z",""] z)", R"(4 ["z",""] _)"));
    EXPECT_EQ(output->rows, 4U);
  }
}

TEST(Expect, StopsAtTheFirstRowThatBreaksIt) {
  SmallTables tables;
  const Relation input = tables.make("id:i64 a:i64 b:i64", {"1 1 2", "2 2 3", "3 5 4", "4 9 1"}, 2);
  ExpectNode node;
  node.condition =
      call_expression(Function::kLess, kBoolType, {column(input, "a"), column(input, "b")});
  node.message = "a must be below b.";
  TestContext test;
  auto output = run_expect(node, input.fields, input, test.context);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kEvaluation);
  EXPECT_THAT(output.error().message, HasSubstr("a must be below b."));
  EXPECT_THAT(output.error().message, HasSubstr("id = 3, a = 5, b = 4"));

  const Relation unknown = tables.make("id:i64 a:i64 b:i64", {"1 1 -"});
  EXPECT_FALSE(run_expect(node, unknown.fields, unknown, test.context));
  const Relation good = tables.make("id:i64 a:i64 b:i64", {"1 1 2"});
  output = run_expect(node, good.fields, good, test.context);
  ASSERT_TRUE(output);
  EXPECT_THAT(rows_of(*output), ElementsAre("1 1 2"));
}

}  // namespace
}  // namespace stave
