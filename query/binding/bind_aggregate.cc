// Aggregates: their arguments, parameters and result types.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"

namespace stave {
namespace {

bool is_number(TypeKind kind) {
  return kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kFloat64;
}

bool needs_number(AggregateFunction function) {
  return function == AggregateFunction::kSum || function == AggregateFunction::kAverage ||
         function == AggregateFunction::kQuantile ||
         function == AggregateFunction::kStandardDeviation;
}

Type result_type(AggregateFunction function, Type argument) {
  switch (function) {
    case AggregateFunction::kCount:
    case AggregateFunction::kCountIf:
    case AggregateFunction::kDistinct:
    case AggregateFunction::kApproximateDistinct:
      return kInt64Type;
    case AggregateFunction::kSum:
      if (argument.kind != TypeKind::kDecimal) return argument;
      return decimal_type(kMaxDecimalPrecision, argument.scale);
    case AggregateFunction::kAverage: {
      if (argument.kind != TypeKind::kDecimal) return kFloat64Type;
      const int scale = std::min<int>(argument.scale + 6, kMaxDecimalPrecision);
      return decimal_type(kMaxDecimalPrecision, static_cast<std::uint8_t>(scale));
    }
    case AggregateFunction::kQuantile:
    case AggregateFunction::kStandardDeviation:
      return kFloat64Type;
    case AggregateFunction::kTopValues:
      return kListType;
    default:
      return argument;
  }
}

}  // namespace

std::optional<AggregateCall> ExpressionBinder::make_aggregate(const ExpressionSyntax& syntax,
                                                              const FunctionEntry& entry) {
  AggregateCall made_call;
  made_call.function = entry.aggregate;
  const bool has_parameter = entry.name == "quantile" || entry.name == "top_values";
  std::vector<Typed> arguments;
  const std::size_t count = syntax.children.size() - (has_parameter ? 1 : 0);
  for (std::size_t i = 0; i < count; ++i) {
    Typed argument = bind(syntax.children[i]);
    if (argument.duration && !argument.poisoned) {
      context_.diagnostics.add(lone_duration(syntax.children[i].span));
      return std::nullopt;
    }
    if (argument.poisoned) return std::nullopt;
    arguments.push_back(std::move(argument));
  }
  if (entry.name == "median") made_call.parameter = Value{kFloat64Type, 0.5};
  if (entry.name == "quantile") {
    // `p` may be a decimal: nobody writes 95e-2.
    const auto value = constant(syntax.children[1], std::nullopt);
    if (!value) return std::nullopt;
    const auto p = cast_value(*value, kFloat64Type, nullptr);
    const double* number = p ? std::get_if<double>(&p->data) : nullptr;
    if (number == nullptr || !(*number >= 0 && *number <= 1)) {
      fault("E213", syntax.children[1].span, "a quantile's p is a number from 0 to 1", "e.g. 0.95");
      return std::nullopt;
    }
    made_call.parameter = *p;
  }
  if (entry.name == "top_values") {
    const auto value = constant(syntax.children[1], kInt64Type);
    if (!value) return std::nullopt;
    if (value->is_null() || std::get<std::int64_t>(value->data) < 1) {
      fault("E213", syntax.children[1].span,
            "`top_values` needs how many values to give, at least 1");
      return std::nullopt;
    }
    made_call.parameter = *value;
  }
  const Type type = arguments.empty() ? kInt64Type : arguments[0].type();
  if (type.kind == TypeKind::kList) {
    fault("E204", syntax.children[0].span, fmt::format("`{}` does not take a list", entry.name),
          "use `expand` first");
    return std::nullopt;
  }
  if (entry.aggregate == AggregateFunction::kCountIf) {
    if (type.kind != TypeKind::kBool && type.kind != TypeKind::kNull) {
      fault("E204", syntax.children[0].span,
            fmt::format("`count_if` needs a condition, this is {}", to_string(type)));
      return std::nullopt;
    }
    arguments[0] = coerce(std::move(arguments[0]), kBoolType);
  }
  if (needs_number(entry.aggregate)) {
    if (type.kind == TypeKind::kNull) {
      arguments[0] = coerce(std::move(arguments[0]), kInt64Type);
    } else if (!is_number(type.kind)) {
      fault("E204", syntax.children[0].span,
            fmt::format("`{}` needs numbers, this is {}", entry.name, to_string(type)),
            type.kind == TypeKind::kBool ? "to count write `count_if(...)`" : "");
      return std::nullopt;
    }
  }
  if (entry.aggregate == AggregateFunction::kQuantile ||
      entry.aggregate == AggregateFunction::kStandardDeviation) {
    arguments[0] = coerce(std::move(arguments[0]), kFloat64Type);
  }
  made_call.type =
      result_type(entry.aggregate, arguments.empty() ? kInt64Type : arguments[0].type());
  for (Typed& argument : arguments) made_call.arguments.push_back(std::move(argument.expression));
  return made_call;
}

Typed ExpressionBinder::bind_aggregate(const ExpressionSyntax& syntax, const FunctionEntry& entry) {
  if (aggregates_ == nullptr) {
    return fault("E301", syntax.span,
                 fmt::format("the aggregate `{}` has no place here", entry.name),
                 "use it in `summarize`, or over rows that stay: `... over (per ...)`");
  }
  AggregateScope* scope = aggregates_;
  aggregates_ = nullptr;
  auto made_call = make_aggregate(syntax, entry);
  aggregates_ = scope;
  if (!made_call) return poison(syntax.span);
  std::size_t index = 0;
  for (; index < scope->calls.size(); ++index) {
    const AggregateCall& other = scope->calls[index];
    if (other.function == made_call->function && other.arguments == made_call->arguments &&
        other.parameter.data == made_call->parameter.data) {
      break;
    }
  }
  const Type type = made_call->type;
  if (index == scope->calls.size()) {
    made_call->name = fmt::format("~{}", index);
    scope->calls.push_back(std::move(*made_call));
  }
  Typed bound;
  bound.expression = column_of(static_cast<int>(scope->keys.size() + index), type);
  bound.span = syntax.span;
  return bound;
}

}  // namespace stave
