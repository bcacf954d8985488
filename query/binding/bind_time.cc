// bucket, date, hour, dow, year, month.
#include <fmt/format.h>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400LL * 1'000'000;

// The calendar unit that a duration is, or nothing.
std::string unit_of(const DurationValue& width) {
  if (width.months == 1) return "month";
  if (width.months == 3) return "quarter";
  if (width.months == 12) return "year";
  if (width.months == 0 && width.microseconds == kDay) return "day";
  if (width.months == 0 && width.microseconds == 7 * kDay) return "week";
  return "";
}

}  // namespace

Typed ExpressionBinder::bind_bucket(const ExpressionSyntax& syntax) {
  static const std::vector<std::string> kUnits = {"day", "week", "month", "quarter", "year"};
  Typed time = bind(syntax.children[0]);
  const ExpressionSyntax& width = syntax.children[1];
  std::string unit;
  std::int64_t microseconds = 0;
  if (width.kind == SyntaxKind::kPath && width.path.size() == 1) {
    unit = width.path[0].text;
    bool known = false;
    for (const std::string& one : kUnits) known = known || one == unit;
    if (!known) {
      return fault("E005", width.span, fmt::format("no unit of time `{}`", unit),
                   did_you_mean(unit, kUnits), kUnits);
    }
  } else {
    AggregateScope* scope = aggregates_;
    aggregates_ = nullptr;
    const Typed bound = bind(width);
    aggregates_ = scope;
    if (bound.poisoned) return poison(syntax.span);
    if (!bound.duration) {
      return fault("E205", width.span, "`bucket` needs a width that is a duration or a unit",
                   "e.g. `bucket(time, 1h)` or `bucket(time, month)`");
    }
    unit = unit_of(*bound.duration);
    microseconds = bound.duration->microseconds;
    if (unit.empty() && (bound.duration->months != 0 || microseconds <= 0 || microseconds >= kDay ||
                         kDay % microseconds != 0)) {
      return fault("E005", width.span,
                   "a bucket's width divides a day, or is 1d, 1w, 1mo, 3mo or 1y",
                   "e.g. 15min, 1h or month");
    }
  }
  if (time.poisoned) return poison(syntax.span);
  const TypeKind kind = time.type().kind;
  if (kind == TypeKind::kNull && !time.duration) {
    return Typed{null_literal(unit.empty() ? kTimestampType : kDateType)};
  }
  if (time.duration || (kind != TypeKind::kDate && kind != TypeKind::kTimestamp)) {
    return fault("E204", syntax.children[0].span,
                 fmt::format("`bucket` needs a date or a time, this is {}",
                             time.duration ? "a duration" : to_string(time.type())));
  }
  if (!unit.empty()) {
    return made(Function::kBucketDate, kDateType,
                {std::move(time.expression), string_literal(unit)}, syntax.span);
  }
  return made(Function::kBucketTime, kTimestampType,
              {coerce(std::move(time), kTimestampType).expression, int64_literal(microseconds)},
              syntax.span);
}

Typed ExpressionBinder::bind_time_part(const ExpressionSyntax& syntax, ScalarName name,
                                       Typed argument) {
  const TypeKind kind = argument.type().kind;
  if (kind != TypeKind::kDate && kind != TypeKind::kTimestamp && kind != TypeKind::kNull) {
    return fault("E204", syntax.children[0].span,
                 fmt::format("`{}` needs a date or a time, this is {}", syntax.text,
                             to_string(argument.type())),
                 kind == TypeKind::kString ? "cast text: `x::date` or `x::timestamp`" : "");
  }
  const Type result = name == ScalarName::kDate ? kDateType : kInt64Type;
  if (kind == TypeKind::kNull) return Typed{null_literal(result)};
  if (name == ScalarName::kDate) {
    if (kind == TypeKind::kDate) return argument;
    return made(Function::kDate, result, {std::move(argument.expression)}, syntax.span);
  }
  if (name == ScalarName::kHour) argument = coerce(std::move(argument), kTimestampType);
  const Function function = name == ScalarName::kHour   ? Function::kHour
                            : name == ScalarName::kDow  ? Function::kDow
                            : name == ScalarName::kYear ? Function::kYear
                                                        : Function::kMonth;
  return made(function, result, {std::move(argument.expression)}, syntax.span);
}

Typed ExpressionBinder::bind_add_days(const ExpressionSyntax& syntax,
                                      std::vector<Typed> arguments) {
  if (arguments[0].type().kind != TypeKind::kDate) {
    return fault(
        "E204", syntax.children[0].span,
        fmt::format("`add_days` needs a date, this is {}", to_string(arguments[0].type())));
  }
  if (arguments[1].type().kind != TypeKind::kInt64) {
    return fault("E204", syntax.children[1].span,
                 fmt::format("`add_days` needs a number of days, this is {}",
                             to_string(arguments[1].type())));
  }
  return made(Function::kAdd, kDateType,
              {std::move(arguments[0].expression), std::move(arguments[1].expression)},
              syntax.span);
}

Typed ExpressionBinder::bind_add_months(const ExpressionSyntax& syntax,
                                        std::vector<Typed> arguments) {
  const TypeKind kind = arguments[0].type().kind;
  if (kind != TypeKind::kDate && kind != TypeKind::kTimestamp) {
    return fault("E204", syntax.children[0].span,
                 fmt::format("`add_months` needs a date or a time, this is {}",
                             to_string(arguments[0].type())));
  }
  const Expression& months = arguments[1].expression;
  if (!is_literal(months) || months.type.kind != TypeKind::kInt64 || is_null_literal(months)) {
    return fault("E204", syntax.children[1].span,
                 "`add_months` needs a number of months that is the same for all rows",
                 "write a number or a parameter, e.g. `add_months(day, $months)`");
  }
  const Type type = arguments[0].type();
  return made(Function::kAddMonths, type,
              {std::move(arguments[0].expression), std::move(arguments[1].expression)},
              syntax.span);
}

}  // namespace stave
