// Which function a call means, and the scalar ones of numbers and choice.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {
namespace {

// What people who come from elsewhere write.
std::string foreign_function(std::string_view name) {
  if (name == "nvl" || name == "ifnull" || name == "isnull") return "did you mean `coalesce`?";
  if (name == "count_distinct" || name == "nunique" || name == "dcount")
    return "did you mean `distinct`?";
  if (name == "date_trunc") return "did you mean `bucket`?";
  if (name == "mean" || name == "average") return "did you mean `avg`?";
  if (name == "mode") return "did you mean `top_value`?";
  if (name == "len") return "did you mean `length`?";
  if (name == "substr" || name == "substring") return "";
  if (name == "cast") return "write `x::i64`";
  return "";
}

}  // namespace

Typed ExpressionBinder::bind_call(const ExpressionSyntax& syntax) {
  const FunctionEntry* entry = find_function(syntax.text);
  if (entry == nullptr) {
    if (auto metric = bind_metric(syntax, syntax.text, syntax.children)) return std::move(*metric);
    std::vector<std::string> names = function_names();
    for (const auto& [name, body] : context_.metrics) names.push_back(name);
    const Span name{syntax.span.begin,
                    syntax.span.begin + static_cast<std::uint32_t>(syntax.text.size())};
    std::string hint = foreign_function(syntax.text);
    if (hint.empty()) hint = did_you_mean(syntax.text, names);
    return fault("E102", name, fmt::format("no function `{}`", syntax.text), hint,
                 std::move(names));
  }
  const std::size_t count = syntax.children.size();
  if (count < entry->least || count > entry->most) {
    return fault(
        "E205", syntax.span,
        fmt::format("`{}` does not take {} argument{}", entry->name, count, count == 1 ? "" : "s"),
        entry->name == "count" ? "`count()` counts rows; write `count_if(x is not null)`"
                               : fmt::format("write `{}`", entry->usage));
  }
  if (syntax.over) {
    if (entry->group == FunctionGroup::kScalar) {
      return fault("E303", syntax.span, fmt::format("`{}` takes no `over`", entry->name));
    }
    return bind_window(syntax, *entry);
  }
  switch (entry->group) {
    case FunctionGroup::kWindow:
      return fault("E303", syntax.span, fmt::format("`{}` needs `over (...)`", entry->name),
                   fmt::format("write `{}`", entry->usage));
    case FunctionGroup::kAggregate:
      return bind_aggregate(syntax, *entry);
    default:
      return bind_scalar(syntax, *entry);
  }
}

Typed ExpressionBinder::bind_scalar(const ExpressionSyntax& syntax, const FunctionEntry& entry) {
  if (entry.scalar == ScalarName::kBucket) return bind_bucket(syntax);
  bool poisoned = false;
  std::vector<Typed> arguments = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  switch (entry.scalar) {
    case ScalarName::kNow:
      context_.asks_now = true;
      return Typed{literal_of({kTimestampType, context_.now})};
    case ScalarName::kToday:
      context_.asks_now = true;
      return Typed{literal_of({kDateType, context_.zone.day_of(context_.now)})};
    case ScalarName::kIf: {
      if (arguments[0].type().kind != TypeKind::kBool &&
          arguments[0].type().kind != TypeKind::kNull) {
        return fault(
            "E204", syntax.children[0].span,
            fmt::format("`if` needs a condition, this is {}", to_string(arguments[0].type())));
      }
      const auto type = common_type(arguments[1], arguments[2], syntax.span, "the values of `if`");
      if (!type) return poison(syntax.span);
      return made(Function::kCase, *type,
                  {coerce(std::move(arguments[0]), kBoolType).expression,
                   coerce(std::move(arguments[1]), *type).expression,
                   coerce(std::move(arguments[2]), *type).expression},
                  syntax.span);
    }
    case ScalarName::kCoalesce: {
      Typed widest = arguments[0];
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        const auto type =
            common_type(widest, arguments[i], syntax.span, "the values of `coalesce`");
        if (!type) return poison(syntax.span);
        widest.expression = null_literal(*type);
      }
      std::vector<Expression> parts;
      for (Typed& argument : arguments) {
        Expression part = coerce(std::move(argument), widest.type()).expression;
        if (!is_null_literal(part)) parts.push_back(std::move(part));
      }
      if (parts.empty()) return Typed{null_literal(widest.type())};
      if (parts.size() == 1) return Typed{std::move(parts[0])};
      return made(Function::kCoalesce, widest.type(), std::move(parts), syntax.span);
    }
    case ScalarName::kRound:
      return bind_round(syntax, std::move(arguments));
    case ScalarName::kDiv:
      return bind_div(syntax, std::move(arguments));
    case ScalarName::kAbs: {
      const Type type = arguments[0].type();
      if (type.kind == TypeKind::kNull) return arguments[0];
      if (type.kind != TypeKind::kInt64 && type.kind != TypeKind::kDecimal &&
          type.kind != TypeKind::kFloat64) {
        return fault("E204", syntax.span,
                     fmt::format("`abs` needs a number, this is {}", to_string(type)));
      }
      return made(Function::kAbs, type, {std::move(arguments[0].expression)}, syntax.span);
    }
    case ScalarName::kSqrt:
      return bind_float_function(syntax, Function::kSqrt, std::move(arguments[0]));
    case ScalarName::kLn:
      return bind_float_function(syntax, Function::kLn, std::move(arguments[0]));
    case ScalarName::kDate:
    case ScalarName::kHour:
    case ScalarName::kDow:
    case ScalarName::kYear:
    case ScalarName::kMonth:
      return bind_time_part(syntax, entry.scalar, std::move(arguments[0]));
    case ScalarName::kAddDays:
      return bind_add_days(syntax, std::move(arguments));
    case ScalarName::kAddMonths:
      return bind_add_months(syntax, std::move(arguments));
    default:
      return bind_text_function(syntax, entry.scalar, std::move(arguments));
  }
}

}  // namespace stave
