// A typed expression over the columns of one relation: what the binder hands to the engine.
// Invariant: every node carries its result type; operands already agree (the binder inserted casts
// as the comments below say), so evaluation has no type errors left, only faults of values
// (overflow, a cast that does not parse).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stave/type.h"
#include "storage/value.h"

namespace stave {

enum class Function : std::uint8_t {
  // Arithmetic. i64, f64 or decimal operands of one kind; decimals keep their own scales: add and
  // subtract get operands cast to the result's scale, multiply gives the sum of the scales.
  kNegate,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,  // f64 / f64 -> f64; x/0 is null (i64 operands were cast)
  kIntegerDivide,
  kRemainder,  // i64 or decimals of one scale; truncate toward zero; by 0: null
  kAddMonths,  // (date|timestamp, i64 literal): calendar months; the day is clipped
  // date + days and timestamp + microseconds are kAdd with an i64 second operand.
  // Comparison: operands of one type (decimals of one scale); strings by bytes; null in, null out.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIs,
  kIsNot,  // null-safe equality, never null
  kIsNull,
  kIsNotNull,
  kIn,       // (x, literal, ...): SQL's IN with its null rule
  kBetween,  // (x, low, high): a null bound is open
  kLike,     // (string, literal pattern): % and _, backslash escapes
  kAnd,
  kOr,
  kNot,   // three-valued; and/or take two or more
  kCase,  // (when, then, when, then, ..., else): a `when` that is null does not match
  kCoalesce,
  kCast,  // to the node's type; text that does not parse is a fault naming the value
  // Numbers.
  kRound,  // (x, literal digits, literal mode string); decimals and f64
  kDiv,    // (a, b, literal scale, literal mode): decimals or i64 -> decimal; by 0: null
  kAbs,
  kSqrt,
  kLn,  // sqrt of a negative and ln of <= 0 are null
  // Time, in ExecutionOptions::timezone.
  kBucketTime,  // (timestamp, literal width in microseconds below a day) -> timestamp
  kBucketDate,  // (timestamp|date, literal "day"|"week"|"month"|"quarter"|"year") -> date
  kDate,
  kHour,
  kDow,
  kYear,
  kMonth,
  // Strings.
  kLower,
  kUpper,
  kLength,  // Unicode lengths in code points; case maps ASCII and Latin letters
  kConcat,
  kContains,
  kStartsWith,
  kEndsWith,
  kSplit,  // (string, literal separator) -> list
};

enum class ExpressionKind : std::uint8_t { kColumn, kLiteral, kLookup, kMatch, kCall };

struct Expression {
  ExpressionKind kind = ExpressionKind::kLiteral;
  Type type;
  int column = -1;                     // kColumn: position in the input's fields
  Value literal;                       // kLiteral
  std::string table;                   // kLookup: follow the code in arguments[0] into this
  std::string table_column;            // code-addressed dimension and read this column; else null.
                                       // No table: what ExecutionContext::add_lookup was given.
                                       // kMatch: the arguments pass the test that
                                       // ExecutionContext::add_row_test was given
  Function function = Function::kAdd;  // kCall
  std::vector<Expression> arguments;

  friend bool operator==(const Expression&, const Expression&);
};

}  // namespace stave
