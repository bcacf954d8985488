// Which types meet, and as what.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"

namespace stave {
namespace {

constexpr int kInt64Digits = 19;

Type as_decimal(const Typed& value) {
  if (value.type().kind == TypeKind::kDecimal) return value.type();
  int digits = kInt64Digits;
  if (const auto* number = std::get_if<std::int64_t>(&value.expression.literal.data);
      is_literal(value.expression) && number != nullptr) {
    digits = 1;
    for (std::int64_t rest = *number / 10; rest != 0; rest /= 10) ++digits;
  }
  return decimal_type(static_cast<std::uint8_t>(digits), 0);
}

}  // namespace

Typed ExpressionBinder::poison(Span span) const {
  Typed made;
  made.expression = null_literal(kNullType);
  made.poisoned = true;
  made.span = span;
  return made;
}

Typed ExpressionBinder::fault(const char* code, Span span, std::string message, std::string hint,
                              std::vector<std::string> available, std::vector<std::string> notes) {
  context_.diagnostics.add(
      {code, span, std::move(message), std::move(hint), std::move(available), std::move(notes)});
  return poison(span);
}

Typed ExpressionBinder::made(Function function, Type type, std::vector<Expression> arguments,
                             Span span) const {
  Typed result;
  result.expression = call(function, type, std::move(arguments), &context_.zone);
  result.span = span;
  return result;
}

Typed ExpressionBinder::coerce(Typed value, Type type) const {
  if (value.type() == type) return value;
  value.expression = cast_to(std::move(value.expression), type, &context_.zone);
  value.origin = {};
  return value;
}

std::optional<Type> ExpressionBinder::common_type(const Typed& a, const Typed& b, Span span,
                                                  const char* what) {
  const Type left = a.type();
  const Type right = b.type();
  if (left == right || right.kind == TypeKind::kNull) return left;
  if (left.kind == TypeKind::kNull) return right;
  const auto is = [&](TypeKind one, TypeKind other) {
    return (left.kind == one && right.kind == other) || (left.kind == other && right.kind == one);
  };
  if (is(TypeKind::kInt64, TypeKind::kFloat64)) return kFloat64Type;
  if (is(TypeKind::kDate, TypeKind::kTimestamp)) return kTimestampType;
  if (is(TypeKind::kInt64, TypeKind::kDecimal) || is(TypeKind::kDecimal, TypeKind::kDecimal)) {
    const Type x = as_decimal(a);
    const Type y = as_decimal(b);
    const int scale = std::max(x.scale, y.scale);
    const int whole = std::max(x.precision - x.scale, y.precision - y.scale);
    return decimal_type(
        static_cast<std::uint8_t>(std::min<int>(kMaxDecimalPrecision, whole + scale)),
        static_cast<std::uint8_t>(scale));
  }
  if (is(TypeKind::kFloat64, TypeKind::kDecimal)) {
    fault("E203", span,
          fmt::format("f64 does not mix with {}: money stays exact",
                      to_string(left.kind == TypeKind::kDecimal ? left : right)),
          "cast one side: `x::f64`, or write the number as `15e-1`");
    return std::nullopt;
  }
  fault(
      "E201", span,
      fmt::format("{} are of different types: {} and {}", what, to_string(left), to_string(right)),
      (is(TypeKind::kString, TypeKind::kInt64) || is(TypeKind::kString, TypeKind::kDecimal))
          ? "text and numbers do not mix: write the text as \"...\" or cast"
      : (is(TypeKind::kString, TypeKind::kDate) || is(TypeKind::kString, TypeKind::kTimestamp))
          ? "write a date as @2025-05-01"
          : "");
  return std::nullopt;
}

}  // namespace stave
