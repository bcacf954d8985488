// Every function of expressions on cases checked by hand: types, nulls, faults, rounding.
#include <gtest/gtest.h>

#include "engine/evaluator.h"
#include "engine/runtime/value_text.h"
#include "tests/engine/support/small_store.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

constexpr std::int64_t kMax = INT64_MAX;

Expression decimal(std::int64_t unscaled, std::uint8_t precision, std::uint8_t scale) {
  return value_of(unscaled, decimal_type(precision, scale));
}

Expression number(double value) {
  Expression expression = null_value(kFloat64Type);
  expression.literal.data = value;
  return expression;
}

// The rows of one expression over a small relation, joined by `|`, or the fault. Computed once with
// tables over dictionaries and once row by row, which must agree.
std::string evaluated(const Expression& expression, const Relation& relation,
                      const std::string& timezone = "") {
  std::string results[2];
  for (const bool tables : {false, true}) {
    TestContext test;
    ExecutionOptions options;
    options.timezone = timezone;
    ExecutionContext context(*test.snapshot, options);
    std::string& text = results[tables ? 1 : 0];
    auto evaluator =
        Evaluator::prepare({expression}, shapes_of(relation), tables ? 1000 : 0, context);
    if (!evaluator) return "prepare: " + evaluator.error().message;
    Evaluator::Scratch scratch;
    std::vector<Vector> out;
    for (const Batch& batch : relation.batches) {
      if (auto done = evaluator->evaluate(batch, scratch, out); !done) {
        text = std::string(name_of(done.error().code)) + ": " + done.error().message;
        break;
      }
      EXPECT_EQ(out[0].representation, evaluator->shapes()[0].representation);
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        if (!text.empty() || row > 0) text += '|';
        append_cell(out[0], row, text);
      }
    }
  }
  EXPECT_EQ(results[0], results[1]);
  return results[1];
}

// Of an expression without columns.
std::string constant(const Expression& expression, const std::string& timezone = "") {
  SmallTables tables;
  return evaluated(expression, tables.make("x:i64", {"0"}), timezone);
}

std::string round_text(std::int64_t unscaled, std::uint8_t scale, std::int64_t digits,
                       const std::string& mode) {
  return constant(call(Function::kRound, decimal_type(18, scale),
                       {decimal(unscaled, 18, scale), value_of(digits), text_value(mode)}));
}

TEST(Evaluate, AddsAndMultipliesExactly) {
  SmallTables tables;
  const Relation rows = tables.make("a:i64 b:i64", {"1 2", "- 5", "-7 3"}, 1000);
  const Expression a = field(0, kInt64Type);
  const Expression b = field(1, kInt64Type);
  EXPECT_EQ(evaluated(call(Function::kAdd, kInt64Type, {a, b}), rows), "3||-4");
  EXPECT_EQ(evaluated(call(Function::kSubtract, kInt64Type, {a, b}), rows), "-1||-10");
  EXPECT_EQ(evaluated(call(Function::kMultiply, kInt64Type, {a, value_of(1000)}), rows),
            "1000||-7000");
  EXPECT_EQ(evaluated(call(Function::kIntegerDivide, kInt64Type, {a, b}), rows), "0||-2");
  EXPECT_EQ(evaluated(call(Function::kRemainder, kInt64Type, {a, b}), rows), "1||-1");
  EXPECT_EQ(evaluated(call(Function::kNegate, kInt64Type, {a}), rows), "-1||7");
  EXPECT_EQ(evaluated(call(Function::kAbs, kInt64Type, {a}), rows), "1||7");
}

TEST(Evaluate, OverflowIsAFaultThatNamesTheValues) {
  SmallTables tables;
  const Relation rows = tables.make("a:i64", {"1", "9223372036854775807"}, 1000);
  const Expression a = field(0, kInt64Type);
  for (const Function function : {Function::kAdd, Function::kMultiply}) {
    const std::string fault = evaluated(call(function, kInt64Type, {a, value_of(2)}), rows);
    EXPECT_EQ(fault.substr(0, 9), "overflow:") << fault;
    EXPECT_NE(fault.find("9223372036854775807"), std::string::npos) << fault;
  }
  EXPECT_EQ(
      constant(call(Function::kIntegerDivide, kInt64Type, {value_of(INT64_MIN), value_of(-1)}))
          .substr(0, 9),
      "overflow:");
  EXPECT_EQ(constant(call(Function::kRemainder, kInt64Type, {value_of(INT64_MIN), value_of(-1)})),
            "0");
  EXPECT_EQ(constant(call(Function::kNegate, kInt64Type, {value_of(INT64_MIN)})).substr(0, 9),
            "overflow:");
  const Type wide = decimal_type(38, 0);
  Expression huge = null_value(wide);
  Int128 largest = 1;
  for (int i = 0; i < 38; ++i) largest *= 10;
  huge.literal.data = largest - 1;
  EXPECT_EQ(constant(call(Function::kAdd, wide, {huge, value_of(1, wide)})).substr(0, 9),
            "overflow:");
  EXPECT_EQ(
      constant(call(Function::kMultiply, kFloat64Type, {number(1e308), number(10)})).substr(0, 9),
      "overflow:");
}

TEST(Evaluate, OverflowUnderNullOrInAnArmNotTakenIsNoFault) {
  SmallTables tables;
  const Relation rows = tables.make("a:i64 b:i64", {"9223372036854775807 -", "1 1"}, 1000);
  const Expression a = field(0, kInt64Type);
  const Expression b = field(1, kInt64Type);
  EXPECT_EQ(evaluated(call(Function::kAdd, kInt64Type, {a, b}), rows), "|2");
  const Expression guarded = call(Function::kCase, kInt64Type,
                                  {call(Function::kIsNull, kBoolType, {b}), value_of(0),
                                   call(Function::kMultiply, kInt64Type, {a, value_of(2)})});
  EXPECT_EQ(evaluated(guarded, rows), "0|2");
  EXPECT_EQ(evaluated(call(Function::kCoalesce, kInt64Type,
                           {b, call(Function::kSubtract, kInt64Type, {a, value_of(1)})}),
                      rows),
            "9223372036854775806|1");
}

TEST(Evaluate, DividesByZeroToNull) {
  EXPECT_EQ(constant(call(Function::kDivide, kFloat64Type, {number(7), number(2)})), "3.5");
  EXPECT_EQ(constant(call(Function::kDivide, kFloat64Type, {number(7), number(0)})), "");
  EXPECT_EQ(constant(call(Function::kIntegerDivide, kInt64Type, {value_of(7), value_of(0)})), "");
  EXPECT_EQ(constant(call(Function::kRemainder, kInt64Type, {value_of(7), value_of(0)})), "");
  EXPECT_EQ(constant(call(Function::kSqrt, kFloat64Type, {number(-1)})), "");
  EXPECT_EQ(constant(call(Function::kLn, kFloat64Type, {number(0)})), "");
  EXPECT_EQ(constant(call(Function::kSqrt, kFloat64Type, {number(9)})), "3");
}

TEST(Evaluate, ComparesWithThreeValues) {
  SmallTables tables;
  const Relation rows = tables.make("a:i64 s:code@G t:str", {"1 x x", "2 - y", "- y -"}, 1000);
  const Expression a = field(0, kInt64Type);
  const Expression s = field(1, kStringType);
  const Expression t = field(2, kStringType);
  EXPECT_EQ(evaluated(call(Function::kLess, kBoolType, {a, value_of(2)}), rows), "true|false|");
  EXPECT_EQ(evaluated(call(Function::kLess, kBoolType, {value_of(1), a}), rows), "false|true|");
  EXPECT_EQ(evaluated(call(Function::kEqual, kBoolType, {s, text_value("x")}), rows),
            "true||false");
  EXPECT_EQ(evaluated(call(Function::kNotEqual, kBoolType, {s, text_value("none")}), rows),
            "true||true");
  EXPECT_EQ(evaluated(call(Function::kEqual, kBoolType, {s, t}), rows), "true||");
  EXPECT_EQ(evaluated(call(Function::kLess, kBoolType, {s, text_value("y")}), rows), "true||false");
  EXPECT_EQ(evaluated(call(Function::kIs, kBoolType, {s, t}), rows), "true|false|false");
  EXPECT_EQ(evaluated(call(Function::kIsNot, kBoolType, {s, null_value(kStringType)}), rows),
            "true|false|true");
  EXPECT_EQ(evaluated(call(Function::kIsNull, kBoolType, {s}), rows), "false|true|false");
  EXPECT_EQ(evaluated(call(Function::kEqual, kBoolType, {a, null_value(kInt64Type)}), rows), "||");
}

TEST(Evaluate, InAndBetweenFollowSql) {
  SmallTables tables;
  const Relation rows = tables.make("a:i64 s:code@G k:int@K", {"1 x 10", "2 - 20", "- y -"}, 1000);
  const Expression a = field(0, kInt64Type);
  const Expression s = field(1, kStringType);
  const Expression k = field(2, kInt64Type);
  const Expression null_number = null_value(kInt64Type);
  EXPECT_EQ(evaluated(call(Function::kIn, kBoolType, {a, value_of(2), value_of(5)}), rows),
            "false|true|");
  EXPECT_EQ(evaluated(call(Function::kIn, kBoolType, {a, value_of(2), null_number}), rows),
            "|true|");
  EXPECT_EQ(evaluated(call(Function::kIn, kBoolType, {s, text_value("y"), text_value("q")}), rows),
            "false||true");
  EXPECT_EQ(evaluated(call(Function::kIn, kBoolType, {k, value_of(10)}), rows), "true|false|");
  EXPECT_EQ(evaluated(call(Function::kBetween, kBoolType, {a, value_of(2), value_of(3)}), rows),
            "false|true|");
  EXPECT_EQ(evaluated(call(Function::kBetween, kBoolType, {a, null_number, value_of(1)}), rows),
            "true|false|");
  EXPECT_EQ(evaluated(call(Function::kBetween, kBoolType, {k, value_of(15), null_number}), rows),
            "false|true|");
}

TEST(Evaluate, AndOrNotHaveThreeValues) {
  SmallTables tables;
  const Relation rows =
      tables.make("a:bool b:bool", {"true true", "true false", "true -", "false -", "- -"}, 1000);
  const Expression a = field(0, kBoolType);
  const Expression b = field(1, kBoolType);
  EXPECT_EQ(evaluated(call(Function::kAnd, kBoolType, {a, b}), rows), "true|false||false|");
  EXPECT_EQ(evaluated(call(Function::kOr, kBoolType, {a, b}), rows), "true|true|true||");
  EXPECT_EQ(evaluated(call(Function::kNot, kBoolType, {b}), rows), "false|true|||");
}

TEST(Evaluate, RoundsInEveryMode) {
  EXPECT_EQ(round_text(25, 1, 0, "half_up"), "3.0");
  EXPECT_EQ(round_text(-25, 1, 0, "half_up"), "-3.0");
  EXPECT_EQ(round_text(25, 1, 0, "half_even"), "2.0");
  EXPECT_EQ(round_text(35, 1, 0, "half_even"), "4.0");
  EXPECT_EQ(round_text(-21, 1, 0, "floor"), "-3.0");
  EXPECT_EQ(round_text(21, 1, 0, "ceil"), "3.0");
  EXPECT_EQ(round_text(-29, 1, 0, "down"), "-2.0");
  EXPECT_EQ(round_text(12550, 2, -1, "half_up"), "130.00");
  EXPECT_NE(round_text(25, 1, 0, "nearest").find("rounding mode"), std::string::npos);
  const auto round_number = [](double value, std::int64_t digits) {
    return constant(call(Function::kRound, kFloat64Type,
                         {number(value), value_of(digits), text_value("half_up")}));
  };
  EXPECT_EQ(round_number(2.5, 0), "3");
  EXPECT_EQ(round_number(-2.5, 0), "-3");
  EXPECT_EQ(round_number(1.25, 1), "1.3");
  EXPECT_EQ(round_number(1234.5, -2), "1200");
}

TEST(Evaluate, DivRoundsOnceAtItsScale) {
  const auto div = [](Expression a, Expression b, std::int64_t scale, const std::string& mode) {
    return constant(call(Function::kDiv, decimal_type(38, static_cast<std::uint8_t>(scale)),
                         {std::move(a), std::move(b), value_of(scale), text_value(mode)}));
  };
  EXPECT_EQ(div(value_of(1), value_of(3), 4, "half_up"), "0.3333");
  EXPECT_EQ(div(value_of(2), value_of(3), 4, "half_up"), "0.6667");
  EXPECT_EQ(div(value_of(2), value_of(3), 4, "down"), "0.6666");
  EXPECT_EQ(div(value_of(-1), value_of(8), 2, "half_up"), "-0.13");
  EXPECT_EQ(div(value_of(1), value_of(0), 2, "half_up"), "");
  EXPECT_EQ(div(decimal(1000, 18, 2), decimal(3, 18, 0), 2, "half_up"), "3.33");
  // The numerator is beyond 128 bits, the result is not.
  EXPECT_EQ(div(decimal(kMax, 38, 0), decimal(kMax, 38, 20), 16, "half_up"),
            "100000000000000000000.0000000000000000");
}

TEST(Evaluate, CastsOrNamesTheValueThatDoesNotFit) {
  const auto cast = [](Expression from, Type to) {
    return constant(call(Function::kCast, to, {std::move(from)}));
  };
  EXPECT_EQ(cast(text_value(" 42 "), kInt64Type), "42");
  EXPECT_EQ(cast(text_value("-1.005"), decimal_type(10, 2)), "-1.01");
  EXPECT_EQ(cast(text_value("1e3"), kFloat64Type), "1000");
  EXPECT_EQ(cast(text_value("2024-02-29"), kDateType), "2024-02-29");
  EXPECT_EQ(cast(text_value("2024-06-25T10:00:00+02:00"), kTimestampType), "2024-06-25 08:00:00");
  EXPECT_EQ(cast(text_value("true"), kBoolType), "true");
  EXPECT_EQ(cast(value_of(7), decimal_type(10, 2)), "7.00");
  EXPECT_EQ(cast(decimal(250, 10, 2), kInt64Type), "3");
  EXPECT_EQ(cast(decimal(-250, 10, 2), kInt64Type), "-3");
  EXPECT_EQ(cast(number(0.1), decimal_type(10, 3)), "0.100");
  EXPECT_EQ(cast(decimal(1, 10, 1), kFloat64Type), "0.1");
  EXPECT_EQ(cast(value_of(12), kStringType), "12");
  EXPECT_EQ(cast(null_value(kStringType), kInt64Type), "");
  EXPECT_NE(cast(text_value("12x"), kInt64Type).find("\"12x\""), std::string::npos);
  EXPECT_NE(cast(text_value("2023-02-29"), kDateType).find("2023-02-29"), std::string::npos);
  EXPECT_EQ(cast(value_of(1000), decimal_type(3, 0)).substr(0, 9), "overflow:");
  EXPECT_EQ(cast(number(1e19), kInt64Type).substr(0, 9), "overflow:");
}

TEST(Evaluate, TimeIsThatOfTheZone) {
  // 2025-03-30 01:30 UTC is 03:30 in Berlin, just after the clocks went forward.
  const Expression spring = value_of(1743298200LL * 1000000, kTimestampType);
  const Expression hour = value_of(3600LL * 1000000);
  EXPECT_EQ(constant(call(Function::kHour, kInt64Type, {spring}), "Europe/Berlin"), "3");
  EXPECT_EQ(constant(call(Function::kHour, kInt64Type, {spring}), "UTC"), "1");
  EXPECT_EQ(constant(call(Function::kDate, kDateType, {spring}), "Pacific/Auckland"), "2025-03-30");
  EXPECT_EQ(constant(call(Function::kDow, kInt64Type, {spring})), "7");
  EXPECT_EQ(constant(call(Function::kBucketTime, kTimestampType, {spring, hour})),
            "2025-03-30 01:00:00");
  // The hour from 02:00 is repeated in autumn: two buckets.
  const Expression first = value_of(1761438600LL * 1000000, kTimestampType);
  const Expression second = value_of(1761442200LL * 1000000, kTimestampType);
  EXPECT_EQ(constant(call(Function::kBucketTime, kTimestampType, {first, hour}), "Europe/Berlin"),
            "2025-10-26 00:00:00");
  EXPECT_EQ(constant(call(Function::kBucketTime, kTimestampType, {second, hour}), "Europe/Berlin"),
            "2025-10-26 01:00:00");
  const auto bucket = [&](const std::string& unit) {
    return constant(call(Function::kBucketDate, kDateType, {spring, text_value(unit)}));
  };
  EXPECT_EQ(bucket("week"), "2025-03-24");
  EXPECT_EQ(bucket("month"), "2025-03-01");
  EXPECT_EQ(bucket("quarter"), "2025-01-01");
  EXPECT_EQ(bucket("year"), "2025-01-01");
  EXPECT_EQ(
      constant(call(Function::kAddMonths, kDateType, {value_of(20118, kDateType), value_of(1)})),
      "2025-02-28");
  EXPECT_EQ(constant(call(Function::kYear, kInt64Type, {value_of(kMax / 2, kTimestampType)}))
                .substr(0, 9),
            "overflow:");
}

// Batches of few days, of many, of two offsets and with nulls, each against its rows one by one.
TEST(Evaluate, DaysOfABatchAreThoseOfItsRows) {
  const Expression time = field(0, kTimestampType);
  const std::vector<Expression> functions = {
      call(Function::kBucketDate, kDateType, {time, text_value("month")}),
      call(Function::kBucketDate, kDateType, {time, text_value("week")}),
      call(Function::kDow, kInt64Type, {time})};
  constexpr std::int64_t kHour = 3'600'000'000;
  constexpr std::int64_t kBeforeSummerTime = 1'743'200'000'000'000;  // 2025-03-28
  for (const std::int64_t step : {std::int64_t{1}, kHour / 3, kHour * 7, kHour * 240}) {
    std::vector<std::string> cells;
    for (std::int64_t row = 0; row < 100; ++row) {
      cells.push_back(row % 9 == 4 ? "-" : std::to_string(kBeforeSummerTime + row * step));
    }
    SmallTables tables;
    Relation together = tables.make("t:i64", cells, 100);
    Relation alone = tables.make("t:i64", cells, 1);
    together.fields[0].type = alone.fields[0].type = kTimestampType;
    for (const Expression& function : functions) {
      for (const char* zone : {"UTC", "Europe/Stockholm"}) {
        std::string rows = evaluated(function, alone, zone);
        EXPECT_EQ(evaluated(function, together, zone), rows) << step << zone;
        EXPECT_NE(rows.find_first_not_of("|"), std::string::npos);
      }
    }
  }
}

TEST(Evaluate, Strings) {
  SmallTables tables;
  const Relation rows = tables.make("s:code@G t:str", {"Drake ÉTÉ", "- x", "a;b _"}, 1000);
  const Expression s = field(0, kStringType);
  const Expression t = field(1, kStringType);
  EXPECT_EQ(evaluated(call(Function::kLower, kStringType, {s}), rows), "drake||a;b");
  EXPECT_EQ(evaluated(call(Function::kLower, kStringType, {t}), rows), "été|x|");
  EXPECT_EQ(evaluated(call(Function::kLength, kInt64Type, {t}), rows), "3|1|0");
  EXPECT_EQ(evaluated(call(Function::kConcat, kStringType, {s, t}), rows), "DrakeÉTÉ||a;b");
  EXPECT_EQ(evaluated(call(Function::kContains, kBoolType, {s, text_value("ra")}), rows),
            "true||false");
  EXPECT_EQ(evaluated(call(Function::kStartsWith, kBoolType, {s, text_value("a")}), rows),
            "false||true");
  EXPECT_EQ(evaluated(call(Function::kLike, kBoolType, {s, text_value("%a_e")}), rows),
            "true||false");
  EXPECT_EQ(evaluated(call(Function::kSplit, kListType, {s, text_value(";")}), rows),
            "[\"Drake\"]||[\"a\",\"b\"]");
}

TEST(Evaluate, LikeEscapesAndBacktracks) {
  const auto like = [](const std::string& text, const std::string& pattern) {
    return constant(call(Function::kLike, kBoolType, {text_value(text), text_value(pattern)}));
  };
  EXPECT_EQ(like("50%", "50\\%"), "true");
  EXPECT_EQ(like("500", "50\\%"), "false");
  EXPECT_EQ(like("aXbXc", "%X_"), "true");
  EXPECT_EQ(like("é", "_"), "true");
  EXPECT_EQ(like("", "%"), "true");
  EXPECT_EQ(like("ab", "a"), "false");
}

TEST(Evaluate, ACodedFunctionKeepsCodes) {
  SmallTables tables;
  const Relation rows = tables.make("s:code@G", {"A", "a", "-", "B"}, 1000);
  TestContext test;
  auto evaluator =
      Evaluator::prepare({call(Function::kLower, kStringType, {field(0, kStringType)})},
                         shapes_of(rows), 1000, test.context);
  ASSERT_TRUE(evaluator);
  ASSERT_EQ(evaluator->shapes()[0].representation, Representation::kCode);
  Evaluator::Scratch scratch;
  std::vector<Vector> out;
  ASSERT_TRUE(evaluator->evaluate(rows.batches[0], scratch, out));
  const auto* codes = out[0].values<std::uint32_t>();
  EXPECT_EQ(codes[0], codes[1]);
  EXPECT_EQ(codes[2], kNullCode);
  EXPECT_NE(codes[0], codes[3]);
}

TEST(Evaluate, AFunctionOfFewTuplesOfCodesIsATable) {
  SmallTables tables;
  const Relation rows =
      tables.make("s:code@G p:code@P k:int@K m:int@M",
                  {"x u 9223372036854775807 -1", "- v 5 1", "y - - 1", "y u 5 -1", "x v 1 -"}, 2);
  const Expression s = field(0, kStringType);
  const Expression p = field(1, kStringType);
  const Expression k = field(2, kInt64Type);
  const Expression m = field(3, kInt64Type);
  const Expression joined = call(Function::kConcat, kStringType, {s, text_value("-"), p});
  EXPECT_EQ(evaluated(joined, rows), "x-u|||y-u|x-v");
  EXPECT_EQ(evaluated(call(Function::kLess, kBoolType, {p, s}), rows), "true|||true|true");
  // The largest integer and 1 are in no row together.
  EXPECT_EQ(evaluated(call(Function::kAdd, kInt64Type, {k, m}), rows), "9223372036854775806|6||4|");

  TestContext test;
  auto evaluator = Evaluator::prepare({joined}, shapes_of(rows), 1000, test.context);
  ASSERT_TRUE(evaluator);
  EXPECT_EQ(evaluator->shapes()[0].representation, Representation::kCode);
  // 9 tuples are not worth it for 100 rows.
  evaluator = Evaluator::prepare({joined}, shapes_of(rows), 100, test.context);
  ASSERT_TRUE(evaluator);
  EXPECT_EQ(evaluator->shapes()[0].representation, Representation::kString);
  // Nor for texts that take megabytes, wherever they are.
  const Expression long_text =
      call(Function::kConcat, kStringType, {s, text_value(std::string(2 << 20, '-')), p});
  evaluator = Evaluator::prepare({long_text}, shapes_of(rows), 1000, test.context);
  ASSERT_TRUE(evaluator);
  EXPECT_EQ(evaluator->shapes()[0].representation, Representation::kString);
}

}  // namespace
}  // namespace stave
