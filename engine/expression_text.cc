// One row for each function: an infix operator's sign, or the name it is called by.
#include "engine/expression_text.h"
#include "engine/runtime/json_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "engine/runtime/value_text.h"

namespace stave {
namespace {

struct Word {
  std::string_view text;
  bool infix = false;
};

Word word_of(Function function) {
  switch (function) {
    case Function::kNegate:
      return {"-"};
    case Function::kAdd:
      return {"+", true};
    case Function::kSubtract:
      return {"-", true};
    case Function::kMultiply:
      return {"*", true};
    case Function::kDivide:
      return {"/", true};
    case Function::kIntegerDivide:
      return {"//", true};
    case Function::kRemainder:
      return {"%", true};
    case Function::kAddMonths:
      return {"add_months"};
    case Function::kEqual:
      return {"==", true};
    case Function::kNotEqual:
      return {"!=", true};
    case Function::kLess:
      return {"<", true};
    case Function::kLessEqual:
      return {"<=", true};
    case Function::kGreater:
      return {">", true};
    case Function::kGreaterEqual:
      return {">=", true};
    case Function::kIs:
      return {"is", true};
    case Function::kIsNot:
      return {"is not", true};
    case Function::kIsNull:
      return {"is_null"};
    case Function::kIsNotNull:
      return {"is_not_null"};
    case Function::kIn:
      return {"in"};
    case Function::kBetween:
      return {"between"};
    case Function::kLike:
      return {"like", true};
    case Function::kAnd:
      return {"and", true};
    case Function::kOr:
      return {"or", true};
    case Function::kNot:
      return {"not"};
    case Function::kCase:
      return {"case"};
    case Function::kCoalesce:
      return {"coalesce"};
    case Function::kCast:
      return {"cast"};
    case Function::kRound:
      return {"round"};
    case Function::kDiv:
      return {"div"};
    case Function::kAbs:
      return {"abs"};
    case Function::kSqrt:
      return {"sqrt"};
    case Function::kLn:
      return {"ln"};
    case Function::kBucketTime:
    case Function::kBucketDate:
      return {"bucket"};
    case Function::kDate:
      return {"date"};
    case Function::kHour:
      return {"hour"};
    case Function::kDow:
      return {"dow"};
    case Function::kYear:
      return {"year"};
    case Function::kMonth:
      return {"month"};
    case Function::kLower:
      return {"lower"};
    case Function::kUpper:
      return {"upper"};
    case Function::kLength:
      return {"length"};
    case Function::kConcat:
      return {"concat"};
    case Function::kContains:
      return {"contains"};
    case Function::kStartsWith:
      return {"starts_with"};
    case Function::kEndsWith:
      return {"ends_with"};
    case Function::kSplit:
      return {"split"};
  }
  return {"?"};
}

std::string literal_text(const Value& value) {
  std::string text;
  if (const auto* boolean = std::get_if<bool>(&value.data)) {
    text = *boolean ? "true" : "false";
  } else if (const auto* decimal = std::get_if<Int128>(&value.data)) {
    append_decimal(*decimal, value.type.scale, text);
  } else if (const auto* number = std::get_if<double>(&value.data)) {
    append_double(*number, text);
  } else if (const auto* string = std::get_if<std::string>(&value.data)) {
    append_json_string(*string, text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
    if (value.type.kind == TypeKind::kDate) {
      text = "@";
      append_date(*integer, text);
    } else if (value.type.kind == TypeKind::kTimestamp) {
      text = "@";
      append_timestamp(*integer, text);
    } else {
      text = std::to_string(*integer);
    }
  } else {
    text = "null";
  }
  return text;
}

std::string call_text(const Expression& call, const std::vector<Field>& fields) {
  std::vector<std::string> parts;
  for (const Expression& argument : call.arguments) {
    parts.push_back(expression_text(argument, fields));
  }
  if (call.function == Function::kCast) {
    return fmt::format("{} :: {}", fmt::join(parts, ", "), to_string(call.type));
  }
  const Word word = word_of(call.function);
  if (word.infix) return fmt::format("({})", fmt::join(parts, fmt::format(" {} ", word.text)));
  return fmt::format("{}({})", word.text, fmt::join(parts, ", "));
}

}  // namespace

std::string expression_text(const Expression& expression, const std::vector<Field>& fields) {
  switch (expression.kind) {
    case ExpressionKind::kColumn: {
      const auto column = static_cast<std::size_t>(expression.column);
      return expression.column >= 0 && column < fields.size() ? fields[column].name : "?";
    }
    case ExpressionKind::kLiteral:
      return literal_text(expression.literal);
    case ExpressionKind::kLookup:
      return fmt::format("{}[{}].{}", expression.table,
                         expression_text(expression.arguments.front(), fields),
                         expression.table_column);
    case ExpressionKind::kMatch:
      return fmt::format("match {}", expression.table_column);
    case ExpressionKind::kCall:
      return call_text(expression, fields);
  }
  return "?";
}

}  // namespace stave
