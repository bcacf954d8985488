// Numbers: whatever an engine would round, wrap or widen in its own way is spelt out.
#include <fmt/format.h>

#include "query/sql/select_scope.h"

namespace stave {
namespace {

int scale_of(Type type) {
  return type.kind == TypeKind::kDecimal ? type.scale : 0;
}

std::string power_of_ten(int digits) {
  return "1" + std::string(static_cast<std::size_t>(digits), '0');
}

// 10^-digits as a decimal that has no other digit.
std::string fraction(int digits) {
  return digits == 0 ? "1" : "0." + std::string(static_cast<std::size_t>(digits - 1), '0') + "1";
}

std::string literal_text(const Expression& call, std::size_t position, const char* otherwise) {
  if (call.arguments.size() <= position) return otherwise;
  const auto* text = std::get_if<std::string>(&call.arguments[position].literal.data);
  return text == nullptr ? otherwise : *text;
}

}  // namespace

// The unscaled integer of an exact number.
std::string SelectScope::whole_number(const std::string& exact, int digits) {
  if (digits == 0) return sql_wide_integer(exact, settings_.dialect);
  switch (settings_.dialect) {
    case SqlDialect::kPostgres:
      return fmt::format("({} * {})", exact, power_of_ten(digits));
    case SqlDialect::kClickHouse:
      return fmt::format("toInt256(toDecimal256({}, {}) * toInt256('{}'))", exact, digits,
                         power_of_ten(digits));
    case SqlDialect::kDuckDb:
      return fmt::format("cast(replace(cast({} as varchar), '.', '') as hugeint)", exact);
    case SqlDialect::kSpark:
      break;
  }
  return fmt::format("cast({} * {} as decimal(38, 0))", exact, power_of_ten(digits));
}

std::string SelectScope::from_whole_number(const std::string& whole, Type result) {
  const int scale = scale_of(result);
  if (settings_.is(SqlDialect::kClickHouse) && result.kind == TypeKind::kDecimal) {
    const std::string units = fmt::format("toDecimal256({}, 0)", whole);
    return cast(scale == 0
                    ? units
                    : fmt::format("{} * toDecimal256('{}', {})", units, fraction(scale), scale),
                result);
  }
  if (scale == 0) return cast(whole, result);
  if (settings_.is(SqlDialect::kPostgres)) return cast(whole + " * " + fraction(scale), result);
  // `div` gives 64 bits on Spark, so that the product keeps all its digits.
  return cast(
      fmt::format("cast({} as decimal({}, 0)) * cast('{}' as decimal({}, {}))", whole,
                  settings_.is(SqlDialect::kSpark) ? 20 : 38, fraction(scale), scale, scale),
      result);
}

std::string SelectScope::quotient(const std::string& numerator, Type numerator_type,
                                  const std::string& denominator, Type denominator_type,
                                  Type result, const std::string& rounding) {
  const int scale = scale_of(result);
  const int shift = scale + scale_of(denominator_type) - scale_of(numerator_type);
  std::string over = whole_number(numerator, scale_of(numerator_type));
  std::string under =
      fmt::format("nullif({}, 0)", whole_number(denominator, scale_of(denominator_type)));
  const std::string factor =
      sql_wide_integer("'" + power_of_ten(shift > 0 ? shift : -shift) + "'", settings_.dialect);
  if (shift > 0) over = fmt::format("({} * {})", over, factor);
  if (shift < 0) under = fmt::format("({} * {})", under, factor);
  const char* divide = settings_.is(SqlDialect::kDuckDb)       ? "({} // {})"
                       : settings_.is(SqlDialect::kPostgres)   ? "div({}, {})"
                       : settings_.is(SqlDialect::kClickHouse) ? "intDiv({}, {})"
                                                               : "({} div {})";
  const auto divided = [&](const std::string& a, const std::string& b) {
    return fmt::format(fmt::runtime(divide), a, b);
  };
  const bool spark = settings_.is(SqlDialect::kSpark);
  // Products of more digits lose some there without a word.
  if (spark && (scale_of(numerator_type) > 6 || scale_of(denominator_type) > 6)) {
    return cannot_say("exact division of decimals with more than six digits");
  }
  const std::string sign =
      spark ? fmt::format("(case when ({} < 0) = ({} < 0) then 1 else -1 end)", over, under)
            : fmt::format("(sign({}) * sign({}))", over, under);
  const std::string wide_sign = sql_wide_integer(sign, settings_.dialect);
  const std::string a = "abs(" + over + ")";
  const std::string b = "abs(" + under + ")";
  std::string whole;
  if (rounding == "half_up") {
    whole = fmt::format("({} * {})", wide_sign,
                        divided(fmt::format("(2 * {} + {})", a, b), fmt::format("(2 * {})", b)));
  } else if (rounding == "down") {
    whole = fmt::format("({} * {})", wide_sign, divided(a, b));
  } else if (rounding == "floor" || rounding == "ceil") {
    // Away from zero on one side, towards it on the other.
    const std::string up = divided(fmt::format("({} + {} - 1)", a, b), b);
    const std::string down = divided(a, b);
    whole = fmt::format("({} * (case when {} {} 0 then {} else {} end))", wide_sign, sign,
                        rounding == "floor" ? "<" : ">", up, down);
  } else {
    const std::string twice =
        divided(fmt::format("(2 * {} + {})", a, b), fmt::format("(2 * {})", b));
    // At a tie an odd result goes down.
    whole = fmt::format(
        "({0} * ({1} - (case when mod(2 * {2} + {3}, 2 * {3}) = 0 and mod({1}, 2) = 1 then 1 else "
        "0 "
        "end)))",
        wide_sign, twice, a, b);
  }
  return from_whole_number(whole, result);
}

std::string SelectScope::arithmetic(const Expression& call,
                                    const std::vector<std::string>& arguments) {
  const bool exact = call.type.kind != TypeKind::kFloat64;
  const bool counts_days =
      call.type.kind == TypeKind::kDate || call.type.kind == TypeKind::kTimestamp;
  const auto between = [&](const char* sign) {
    return fmt::format("({} {} {})", arguments[0], sign, arguments[1]);
  };
  if (counts_days || (call.function == Function::kSubtract &&
                      (call.arguments[0].type.kind == TypeKind::kDate ||
                       call.arguments[0].type.kind == TypeKind::kTimestamp))) {
    return time(call, arguments);
  }
  const auto typed = [&](const std::string& text) { return exact ? cast(text, call.type) : text; };
  const bool house_integers =
      settings_.is(SqlDialect::kClickHouse) && call.type.kind == TypeKind::kInt64;
  const auto checked = [&](const char* sign) {
    // Integers wrap there: they are counted wider, and narrowed with a check.
    if (house_integers) {
      return cast(fmt::format("toInt128({}) {} toInt128({})", arguments[0], sign, arguments[1]),
                  call.type);
    }
    return typed(between(sign));
  };
  switch (call.function) {
    case Function::kNegate:
      return typed("(- " + arguments[0] + ")");
    case Function::kAbs:
      return typed("abs(" + arguments[0] + ")");
    case Function::kAdd:
      return checked("+");
    case Function::kSubtract:
      return checked("-");
    case Function::kMultiply:
      return checked("*");
    case Function::kDivide:
      return fmt::format("({} / nullif({}, 0))", arguments[0], arguments[1]);
    case Function::kIntegerDivide:
      return quotient(arguments[0], call.arguments[0].type, arguments[1], call.arguments[1].type,
                      call.type, "down");
    case Function::kRemainder:
      return typed(fmt::format("mod({}, nullif({}, 0))", arguments[0], arguments[1]));
    case Function::kDiv:
      return quotient(arguments[0], call.arguments[0].type, arguments[1], call.arguments[1].type,
                      call.type, literal_text(call, 3, "half_up"));
    case Function::kSqrt:
      return fmt::format("(case when {0} >= 0 then sqrt({0}) end)", arguments[0]);
    default:
      return fmt::format("(case when {0} > 0 then ln({0}) end)", arguments[0]);
  }
}

std::string SelectScope::rounded(const Expression& call, const std::string& argument) {
  const auto* digits = call.arguments.size() > 1
                           ? std::get_if<std::int64_t>(&call.arguments[1].literal.data)
                           : nullptr;
  const int wanted = digits == nullptr ? 0 : static_cast<int>(*digits);
  const std::string rounding = literal_text(call, 2, "half_up");
  const Type from = call.arguments[0].type;
  if (from.kind == TypeKind::kFloat64) {
    if (rounding != "half_up" || wanted < 0 || wanted > 15)
      return cannot_say("this rounding of f64");
    const std::string power = fmt::format("1e{}", wanted);
    return fmt::format("(sign({0}) * floor(abs({0}) * {1} + 0.5e0) / {1})", argument, power);
  }
  if (wanted >= scale_of(from)) return cast(argument, call.type);
  if (wanted < 0) return cannot_say("rounding to tens");
  const std::string shorter =
      quotient(argument, from, "1", kInt64Type,
               decimal_type(kMaxDecimalPrecision, static_cast<std::uint8_t>(wanted)), rounding);
  return cast(shorter, call.type);
}

std::string SelectScope::conversion(const Expression& call, const std::string& argument) {
  const Type from = call.arguments[0].type;
  const Type to = call.type;
  if (from.kind == TypeKind::kNull || from == to) return cast(argument, to);
  const bool exact_from = from.kind == TypeKind::kDecimal || from.kind == TypeKind::kInt64;
  const bool exact_to = to.kind == TypeKind::kDecimal || to.kind == TypeKind::kInt64;
  if (exact_from && exact_to && scale_of(from) > scale_of(to)) {
    // Digits are lost: rounded half away from zero.
    return quotient(argument, from, "1", kInt64Type, to, "half_up");
  }
  if (from.kind == TypeKind::kFloat64 && exact_to) {
    const std::string power = fmt::format("1e{}", scale_of(to));
    return cast(fmt::format("sign({0}) * floor(abs({0}) * {1} + 0.5e0) / {1}", argument, power),
                to);
  }
  if (from.kind == TypeKind::kTimestamp && to.kind == TypeKind::kDate) {
    return cast(local_time(argument, settings_), to);
  }
  if (from.kind == TypeKind::kDate && to.kind == TypeKind::kTimestamp) {
    return instant_of(cast(argument, to));
  }
  if (to.kind == TypeKind::kString) {
    if (from.kind == TypeKind::kTimestamp || from.kind == TypeKind::kFloat64) {
      return cannot_say("the text of " + to_string(from));
    }
    const std::string text = cast(argument, to);
    return settings_.is(SqlDialect::kPostgres) ? text + " collate \"C\"" : text;
  }
  if (from.kind == TypeKind::kBool && settings_.is(SqlDialect::kPostgres)) {
    return cast(fmt::format("cast({} as integer)", argument), to);
  }
  return cast(argument, to);
}

}  // namespace stave
