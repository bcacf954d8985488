// + - * / // % and minus: which kinds of numbers, times and texts they take, and what they give.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400LL * 1'000'000;

Type decimal_of(int precision, int scale) {
  return decimal_type(
      static_cast<std::uint8_t>(std::clamp<int>(precision, 1, kMaxDecimalPrecision)),
      static_cast<std::uint8_t>(scale));
}

Function function_of(const std::string& symbol) {
  if (symbol == "+") return Function::kAdd;
  if (symbol == "-") return Function::kSubtract;
  if (symbol == "*") return Function::kMultiply;
  if (symbol == "/") return Function::kDivide;
  return symbol == "//" ? Function::kIntegerDivide : Function::kRemainder;
}

bool is_number(TypeKind kind) {
  return kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kFloat64;
}
bool is_time(TypeKind kind) {
  return kind == TypeKind::kDate || kind == TypeKind::kTimestamp;
}

}  // namespace

Typed ExpressionBinder::bind_negate(const ExpressionSyntax& syntax) {
  const ExpressionSyntax& child = syntax.children[0];
  // The least i64 has no positive counterpart to negate.
  if (child.kind == SyntaxKind::kInteger && child.text == "9223372036854775808") {
    Typed least;
    least.expression = int64_literal(INT64_MIN);
    return least;
  }
  Typed value = bind(child);
  if (value.poisoned) return value;
  if (value.duration) {
    value.duration->months = -value.duration->months;
    value.duration->microseconds = -value.duration->microseconds;
    return value;
  }
  if (value.type().kind == TypeKind::kNull) return value;
  if (!is_number(value.type().kind)) {
    return fault("E204", syntax.span,
                 fmt::format("minus needs a number, this is {}", to_string(value.type())),
                 "a date is moved by a duration: `day - 3d`");
  }
  const Type type = value.type();
  return made(Function::kNegate, type, {std::move(value.expression)}, syntax.span);
}

Typed ExpressionBinder::bind_arithmetic(const ExpressionSyntax& syntax) {
  Typed left = bind(syntax.children[0]);
  Typed right = bind(syntax.children[1]);
  if (left.poisoned || right.poisoned) return poison(syntax.span);
  const std::string& symbol = syntax.text;
  if (left.duration || right.duration) {
    const bool shifts = (symbol == "+" || symbol == "-") && !(left.duration && right.duration) &&
                        !(left.duration && symbol == "-");
    Typed& time = left.duration ? right : left;
    if (!shifts || (!is_time(time.type().kind) && time.type().kind != TypeKind::kNull)) {
      context_.diagnostics.add(lone_duration(syntax.span));
      return poison(syntax.span);
    }
    const DurationValue by = left.duration ? *left.duration : *right.duration;
    return shift_time(std::move(time), by, symbol == "-", syntax.span);
  }
  const TypeKind a = left.type().kind;
  const TypeKind b = right.type().kind;
  if (a == TypeKind::kNull || b == TypeKind::kNull) {
    const Type other = a == TypeKind::kNull ? right.type() : left.type();
    Typed nothing;
    nothing.expression =
        null_literal(symbol == "/" && other.kind == TypeKind::kInt64 ? kFloat64Type : other);
    if (other.kind == TypeKind::kNull || is_number(other.kind) ||
        (other.kind == TypeKind::kString && symbol == "+") || is_time(other.kind)) {
      return nothing;
    }
  }
  if (is_time(a) || is_time(b)) {
    return arithmetic_of_dates(std::move(left), std::move(right), symbol, syntax.span);
  }
  if (a == TypeKind::kString && b == TypeKind::kString && symbol == "+") {
    return made(Function::kConcat, kStringType,
                {std::move(left.expression), std::move(right.expression)}, syntax.span);
  }
  if (!is_number(a) || !is_number(b)) {
    return fault("E201", syntax.span,
                 fmt::format("`{}` needs numbers, these are {} and {}", symbol,
                             to_string(left.type()), to_string(right.type())),
                 a == TypeKind::kString || b == TypeKind::kString ? "cast text: `x::i64`" : "");
  }
  const bool decimals = a == TypeKind::kDecimal || b == TypeKind::kDecimal;
  if (symbol == "/" && decimals && a != TypeKind::kFloat64 && b != TypeKind::kFloat64) {
    return fault("E211", syntax.span,
                 "decimals do not divide by `/`: how many digits to keep is yours to say",
                 "write `div(a, b, 6)`, or cast both to f64");
  }
  const auto common = common_type(left, right, syntax.span, "the two sides");
  if (!common) return poison(syntax.span);
  if (common->kind == TypeKind::kDecimal) {
    return arithmetic_of_decimals(std::move(left), std::move(right), symbol, syntax.span);
  }
  if (common->kind == TypeKind::kFloat64 && (symbol == "//" || symbol == "%")) {
    return fault("E201", syntax.span, fmt::format("`{}` takes i64 and decimals, not f64", symbol),
                 "divide by `/`");
  }
  const Type type = symbol == "/" ? kFloat64Type : *common;
  return made(function_of(symbol), type,
              {coerce(std::move(left), type).expression, coerce(std::move(right), type).expression},
              syntax.span);
}

Typed ExpressionBinder::arithmetic_of_decimals(Typed left, Typed right, const std::string& symbol,
                                               Span span) {
  const auto widened = [&](Typed& side) {
    if (side.type().kind == TypeKind::kDecimal) return side.type();
    Typed nothing = poison(span);
    nothing.expression = null_literal(decimal_type(1, 0));
    Type type = *common_type(side, nothing, span, "the two sides");
    side = coerce(std::move(side), type);
    return type;
  };
  const Type a = widened(left);
  const Type b = widened(right);
  if (symbol == "*") {
    const int scale = a.scale + b.scale;
    if (scale > kMaxDecimalPrecision) {
      return fault("E210", span,
                   fmt::format("the product would have {} digits after the point, more than a "
                               "decimal's 38",
                               scale),
                   "round one side first");
    }
    return made(Function::kMultiply, decimal_of(a.precision + b.precision, scale),
                {std::move(left.expression), std::move(right.expression)}, span);
  }
  const int scale = std::max(a.scale, b.scale);
  const int whole = std::max(a.precision - a.scale, b.precision - b.scale);
  const Type operands = decimal_of(whole + scale, scale);
  std::vector<Expression> arguments = {coerce(std::move(left), operands).expression,
                                       coerce(std::move(right), operands).expression};
  if (symbol == "//") {
    return made(Function::kIntegerDivide, decimal_of(whole + scale, 0), std::move(arguments), span);
  }
  if (symbol == "%") return made(Function::kRemainder, operands, std::move(arguments), span);
  const Type result = decimal_of(whole + scale + 1, scale);
  // Operands of the result's type: the engine adds like to like.
  for (Expression& argument : arguments) argument = cast_to(std::move(argument), result);
  return made(function_of(symbol), result, std::move(arguments), span);
}

Typed ExpressionBinder::shift_time(Typed time, const DurationValue& by, bool back, Span span) {
  const std::int64_t sign = back ? -1 : 1;
  Type type = time.type();
  if (type.kind == TypeKind::kNull) return time;
  if (by.months != 0) {
    return made(Function::kAddMonths, type,
                {std::move(time.expression), int64_literal(sign * by.months)}, span);
  }
  std::int64_t amount = sign * by.microseconds;
  if (type.kind == TypeKind::kDate) {
    if (amount % kDay == 0) {
      amount /= kDay;
    } else {
      time = coerce(std::move(time), kTimestampType);
      type = kTimestampType;
    }
  }
  return made(Function::kAdd, type, {std::move(time.expression), int64_literal(amount)}, span);
}

Typed ExpressionBinder::arithmetic_of_dates(Typed left, Typed right, const std::string& symbol,
                                            Span span) {
  if (symbol == "-" && left.type() == kDateType && right.type() == kDateType) {
    return made(Function::kSubtract, kInt64Type,
                {std::move(left.expression), std::move(right.expression)}, span);
  }
  if (symbol == "-" && is_time(left.type().kind) && is_time(right.type().kind)) {
    return fault("E201", span, "times do not subtract; days do",
                 "write `date(a) - date(b)` for days between");
  }
  return fault("E201", span,
               fmt::format("`{}` of {} and {} means nothing", symbol, to_string(left.type()),
                           to_string(right.type())),
               "to move a date write a duration: `day + 1d`, `day + 1mo`");
}

}  // namespace stave
