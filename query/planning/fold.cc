// Folding of arithmetic, comparison, casts and calendar steps.
#include "query/planning/fold.h"

#include <algorithm>
#include <cmath>

#include "query/planning/plan_builder.h"
#include "query/values/calendar.h"
#include "query/values/value_text.h"

namespace stave {
namespace {

constexpr std::int64_t kDay = 86'400LL * 1'000'000;

std::int64_t int64_in(const Value& value) {
  return std::get<std::int64_t>(value.data);
}
bool is_int64(const Value& value) {
  return std::holds_alternative<std::int64_t>(value.data);
}
bool is_decimal(const Value& value) {
  return std::holds_alternative<Int128>(value.data);
}

std::optional<Value> arithmetic(Function function, Type type, const Value& a, const Value& b) {
  if (is_int64(a) && is_int64(b)) {
    std::int64_t out = 0;
    bool overflow = false;
    switch (function) {
      case Function::kAdd:
        overflow = __builtin_add_overflow(int64_in(a), int64_in(b), &out);
        break;
      case Function::kSubtract:
        overflow = __builtin_sub_overflow(int64_in(a), int64_in(b), &out);
        break;
      case Function::kMultiply:
        overflow = __builtin_mul_overflow(int64_in(a), int64_in(b), &out);
        break;
      default:
        return std::nullopt;
    }
    if (overflow) return std::nullopt;
    if (type.kind == TypeKind::kDate && (out < kEarliestDay || out > kLatestDay)) {
      return std::nullopt;
    }
    return Value{type, out};
  }
  if (!is_decimal(a) || !is_decimal(b)) return std::nullopt;
  const Int128 left = std::get<Int128>(a.data);
  const Int128 right = std::get<Int128>(b.data);
  Int128 out = 0;
  bool overflow = false;
  switch (function) {
    case Function::kAdd:
      overflow = __builtin_add_overflow(left, right, &out);
      break;
    case Function::kSubtract:
      overflow = __builtin_sub_overflow(left, right, &out);
      break;
    case Function::kMultiply:
      overflow = __builtin_mul_overflow(left, right, &out);
      break;
    default:
      return std::nullopt;
  }
  if (overflow) return std::nullopt;
  return rescale(Value{type, out}, type);  // checks that the digits fit
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return std::nullopt;
  if (is_int64(a)) return int64_in(a) < int64_in(b) ? -1 : int64_in(a) > int64_in(b) ? 1 : 0;
  if (is_decimal(a)) {
    const Int128 left = std::get<Int128>(a.data);
    const Int128 right = std::get<Int128>(b.data);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (const auto* text = std::get_if<std::string>(&a.data)) {
    return text->compare(std::get<std::string>(b.data));
  }
  if (const auto* flag = std::get_if<bool>(&a.data)) {
    return static_cast<int>(*flag) - static_cast<int>(std::get<bool>(b.data));
  }
  return std::nullopt;
}

std::optional<Value> comparison(Function function, const Value& a, const Value& b) {
  const auto order = compare(a, b);
  if (!order) return std::nullopt;
  switch (function) {
    case Function::kEqual:
    case Function::kIs:
      return Value{kBoolType, *order == 0};
    case Function::kNotEqual:
    case Function::kIsNot:
      return Value{kBoolType, *order != 0};
    case Function::kLess:
      return Value{kBoolType, *order < 0};
    case Function::kLessEqual:
      return Value{kBoolType, *order <= 0};
    case Function::kGreater:
      return Value{kBoolType, *order > 0};
    case Function::kGreaterEqual:
      return Value{kBoolType, *order >= 0};
    default:
      return std::nullopt;
  }
}

std::optional<Value> negate(const Value& value) {
  if (const auto* number = std::get_if<double>(&value.data)) return Value{value.type, -*number};
  if (is_decimal(value)) return Value{value.type, -std::get<Int128>(value.data)};
  if (!is_int64(value) || int64_in(value) == INT64_MIN) return std::nullopt;
  return Value{value.type, -int64_in(value)};
}

std::optional<Value> months_later(const Value& value, std::int64_t months,
                                  const ProgramZone* zone) {
  std::int64_t days = int64_in(value);
  std::int64_t within = 0;
  if (value.type.kind == TypeKind::kTimestamp) {
    if (zone == nullptr) return std::nullopt;
    const std::int64_t local = zone->local(days);
    days = local / kDay - (local % kDay < 0 ? 1 : 0);
    within = local - days * kDay;
  }
  days = add_months(days, months);
  if (days < kEarliestDay || days > kLatestDay) return std::nullopt;
  if (value.type.kind == TypeKind::kDate) return Value{value.type, days};
  return Value{value.type, zone->instant(days * kDay + within)};
}

// Weeks depend on a setting that is not known here.
std::optional<Value> bucket_of(const Value& day, const Value& unit) {
  if (day.type.kind != TypeKind::kDate) return std::nullopt;
  CivilDay civil = civil_from_days(int64_in(day));
  const std::string& name = std::get<std::string>(unit.data);
  if (name == "day") return day;
  if (name == "week") return std::nullopt;
  civil.day = 1;
  if (name == "quarter") civil.month = (civil.month - 1) / 3 * 3 + 1;
  if (name == "year") civil.month = 1;
  return Value{kDateType, days_from_civil(civil)};
}

// Calls that treat null specially.
std::optional<Value> fold_with_nulls(const Expression& made) {
  const auto& arguments = made.arguments;
  switch (made.function) {
    case Function::kIsNull:
      return Value{kBoolType, arguments[0].literal.is_null()};
    case Function::kIsNotNull:
      return Value{kBoolType, !arguments[0].literal.is_null()};
    case Function::kIs:
    case Function::kIsNot:
      if (!arguments[0].literal.is_null() && !arguments[1].literal.is_null()) return std::nullopt;
      return Value{kBoolType, (arguments[0].literal.is_null() == arguments[1].literal.is_null()) ==
                                  (made.function == Function::kIs)};
    case Function::kCoalesce:
      for (const Expression& argument : arguments) {
        if (!argument.literal.is_null()) return argument.literal;
      }
      return Value{made.type, {}};
    default:
      return std::nullopt;
  }
}

bool is_strict(Function function) {
  switch (function) {
    case Function::kIs:
    case Function::kIsNot:
    case Function::kNegate:
    case Function::kAdd:
    case Function::kSubtract:
    case Function::kMultiply:
    case Function::kAddMonths:
    case Function::kEqual:
    case Function::kNotEqual:
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
    case Function::kNot:
    case Function::kCast:
    case Function::kBucketDate:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<Value> cast_value(const Value& value, Type type, const ProgramZone* zone) {
  if (value.type == type) return value;
  if (value.is_null()) return Value{type, {}};
  const TypeKind from = value.type.kind;
  if (from == TypeKind::kInt64 && type.kind == TypeKind::kFloat64) {
    return Value{type, static_cast<double>(int64_in(value))};
  }
  if (from == TypeKind::kInt64 && type.kind == TypeKind::kDecimal) {
    return rescale(Value{decimal_type(19, 0), Int128{int64_in(value)}}, type);
  }
  if (from == TypeKind::kDecimal && type.kind == TypeKind::kDecimal) return rescale(value, type);
  if (from == TypeKind::kDecimal && type.kind == TypeKind::kFloat64) {
    std::string text;
    append_decimal(std::get<Int128>(value.data), value.type.scale, text);
    const auto number = parse_float64(text);
    return number ? std::optional<Value>(Value{type, *number}) : std::nullopt;
  }
  if (zone == nullptr) return std::nullopt;
  if (from == TypeKind::kDate && type.kind == TypeKind::kTimestamp) {
    return Value{type, zone->midnight(int64_in(value))};
  }
  if (from == TypeKind::kTimestamp && type.kind == TypeKind::kDate) {
    return Value{type, zone->day_of(int64_in(value))};
  }
  if (from == TypeKind::kString && type.kind != TypeKind::kFloat64) {
    return parse_value(std::get<std::string>(value.data), type, *zone);
  }
  return std::nullopt;
}

namespace {

// Of values none of which is null.
std::optional<Value> fold_in(const Expression& made, const ProgramZone* zone) {
  if (std::ranges::any_of(made.arguments, is_null_literal)) return std::nullopt;
  for (std::size_t i = 1; i < made.arguments.size(); ++i) {
    Expression equal = made;
    equal.function = Function::kEqual;
    equal.arguments = {made.arguments[0], made.arguments[i]};
    std::optional<Value> is_equal = fold(equal, zone);
    if (!is_equal) return std::nullopt;
    if (std::get<bool>(is_equal->data)) return is_equal;
  }
  return Value{kBoolType, false};
}

}  // namespace

std::optional<Value> fold(const Expression& made, const ProgramZone* zone) {
  const auto& arguments = made.arguments;
  if (arguments.empty() || !std::all_of(arguments.begin(), arguments.end(), is_literal)) {
    return std::nullopt;
  }
  if (made.function == Function::kIn) return fold_in(made, zone);
  if (auto value = fold_with_nulls(made)) return value;
  if (!is_strict(made.function)) return std::nullopt;
  if (std::any_of(arguments.begin(), arguments.end(), is_null_literal)) return Value{made.type, {}};
  const Value& first = arguments[0].literal;
  switch (made.function) {
    case Function::kNegate:
      return negate(first);
    case Function::kNot:
      return Value{kBoolType, !std::get<bool>(first.data)};
    case Function::kCast:
      return cast_value(first, made.type, zone);
    case Function::kBucketDate:
      return bucket_of(first, arguments[1].literal);
    case Function::kAddMonths:
      return months_later(first, int64_in(arguments[1].literal), zone);
    case Function::kAdd:
    case Function::kSubtract:
    case Function::kMultiply:
      return arithmetic(made.function, made.type, first, arguments[1].literal);
    default:
      return comparison(made.function, first, arguments[1].literal);
  }
}

}  // namespace stave
