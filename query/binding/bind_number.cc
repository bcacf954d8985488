// round, div, sqrt, ln: how digits are kept.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {

// The default is a mode of its own: half away from zero.
std::optional<std::string> ExpressionBinder::rounding_mode(const ExpressionSyntax& syntax) {
  static const std::vector<std::string> kModes = {"half_even", "floor", "ceil", "down"};
  // A bare word is as clear as a string here.
  std::string name;
  if (syntax.kind == SyntaxKind::kPath && syntax.path.size() == 1) {
    name = syntax.path[0].text;
  } else {
    const auto value = constant(syntax, kStringType);
    if (!value || value->is_null()) return std::nullopt;
    name = std::get<std::string>(value->data);
  }
  if (std::find(kModes.begin(), kModes.end(), name) != kModes.end()) return name;
  fault("E212", syntax.span, fmt::format("no way of rounding `{}`", name),
        did_you_mean(name, kModes), kModes);
  return std::nullopt;
}

Typed ExpressionBinder::bind_round(const ExpressionSyntax& syntax, std::vector<Typed> arguments) {
  std::int64_t digits = 0;
  if (arguments.size() > 1) {
    const auto value = constant(syntax.children[1], kInt64Type);
    if (!value) return poison(syntax.span);
    digits = value->is_null() ? 0 : std::get<std::int64_t>(value->data);
  }
  std::string mode = "half_up";
  if (arguments.size() > 2) {
    const auto named = rounding_mode(syntax.children[2]);
    if (!named) return poison(syntax.span);
    mode = *named;
  }
  if (digits < -30 || digits > 30) {
    return fault("E212", syntax.children[1].span, "the digits to keep are -30 to 30");
  }
  Typed& value = arguments[0];
  const Type type = value.type();
  Type result = type;
  if (type.kind == TypeKind::kNull) return value;
  if (type.kind == TypeKind::kInt64) {
    if (digits >= 0) return value;
    value = coerce(std::move(value), decimal_type(19, 0));
    result = decimal_type(20, 0);
  } else if (type.kind == TypeKind::kDecimal) {
    if (digits >= type.scale) return value;
    const int scale = static_cast<int>(std::max<std::int64_t>(digits, 0));
    const int whole = type.precision - type.scale + 1;
    result = decimal_type(
        static_cast<std::uint8_t>(std::clamp<int>(whole + scale, 1, kMaxDecimalPrecision)),
        static_cast<std::uint8_t>(scale));
  } else if (type.kind != TypeKind::kFloat64) {
    return fault("E204", syntax.children[0].span,
                 fmt::format("`round` needs a number, this is {}", to_string(type)));
  }
  Typed rounded =
      made(Function::kRound, result,
           {std::move(value.expression), int64_literal(digits), string_literal(mode)}, syntax.span);
  return type.kind == TypeKind::kInt64 ? coerce(std::move(rounded), kInt64Type) : rounded;
}

Typed ExpressionBinder::bind_div(const ExpressionSyntax& syntax, std::vector<Typed> arguments) {
  const auto scale = constant(syntax.children[2], kInt64Type);
  if (!scale) return poison(syntax.span);
  std::string mode = "half_up";
  if (arguments.size() > 3) {
    const auto named = rounding_mode(syntax.children[3]);
    if (!named) return poison(syntax.span);
    mode = *named;
  }
  const std::int64_t digits = scale->is_null() ? -1 : std::get<std::int64_t>(scale->data);
  if (digits < 0 || digits > 30) {
    return fault("E212", syntax.children[2].span, "the digits to keep are 0 to 30");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const TypeKind kind = arguments[i].type().kind;
    if (kind == TypeKind::kNull) {
      arguments[i] = coerce(std::move(arguments[i]), kInt64Type);
    } else if (kind != TypeKind::kInt64 && kind != TypeKind::kDecimal) {
      return fault(
          kind == TypeKind::kFloat64 ? "E203" : "E204", syntax.children[i].span,
          fmt::format("`div` takes decimals and i64, this is {}", to_string(arguments[i].type())),
          kind == TypeKind::kFloat64 ? "divide f64 by `/`" : "");
    }
  }
  const Type result = decimal_type(kMaxDecimalPrecision, static_cast<std::uint8_t>(digits));
  return made(Function::kDiv, result,
              {std::move(arguments[0].expression), std::move(arguments[1].expression),
               int64_literal(digits), string_literal(mode)},
              syntax.span);
}

Typed ExpressionBinder::bind_float_function(const ExpressionSyntax& syntax, Function function,
                                            Typed argument) {
  if (argument.type().kind == TypeKind::kDecimal) {
    return fault("E203", syntax.children[0].span,
                 fmt::format("`{}` gives f64, and decimals become f64 only by a cast", syntax.text),
                 "write `x::f64`");
  }
  if (argument.type().kind != TypeKind::kInt64 && argument.type().kind != TypeKind::kFloat64 &&
      argument.type().kind != TypeKind::kNull) {
    return fault(
        "E204", syntax.children[0].span,
        fmt::format("`{}` needs a number, this is {}", syntax.text, to_string(argument.type())));
  }
  return made(function, kFloat64Type, {coerce(std::move(argument), kFloat64Type).expression},
              syntax.span);
}

}  // namespace stave
