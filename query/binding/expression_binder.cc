// Dispatch over the kinds of expressions, and expressions over the result of an aggregation.
#include "query/binding/expression_binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/planning/plan_builder.h"
#include "query/values/value_text.h"

namespace stave {

Typed ExpressionBinder::column(int position) const {
  const ScopeColumn& found = input_.columns[static_cast<std::size_t>(position)];
  Typed made;
  made.expression = column_of(position, found.type);
  made.origin = found.origin;
  made.poisoned = found.poisoned;
  return made;
}

Typed ExpressionBinder::bind(const ExpressionSyntax& syntax) {
  if (context_.nodes_left == 0) return poison(syntax.span);
  if (--context_.nodes_left == 0) {
    return fault("E003", syntax.span,
                 "the program grows too large when its metrics are written out",
                 "use fewer metrics inside metrics");
  }
  if (aggregates_ != nullptr && !contains_aggregate(syntax, frame_) &&
      syntax.kind != SyntaxKind::kDuration) {
    return bind_over_keys(syntax);
  }
  Typed result = bind_node(syntax);
  result.span = syntax.span;
  return result;
}

Typed ExpressionBinder::bind_node(const ExpressionSyntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::kNull:
    case SyntaxKind::kBool:
    case SyntaxKind::kInteger:
    case SyntaxKind::kDecimal:
    case SyntaxKind::kFloat:
    case SyntaxKind::kString:
    case SyntaxKind::kInstant:
      return bind_literal(syntax);
    case SyntaxKind::kDuration:
      return bind_duration(syntax);
    case SyntaxKind::kParameter:
      return bind_parameter(syntax);
    case SyntaxKind::kPath:
      return bind_path(syntax);
    case SyntaxKind::kCall:
      return bind_call(syntax);
    case SyntaxKind::kNegate:
      return bind_negate(syntax);
    case SyntaxKind::kNot:
      return bind_logical(syntax);
    case SyntaxKind::kBinary:
      if (syntax.text == "and" || syntax.text == "or") return bind_logical(syntax);
      if (syntax.text[0] == '=' || syntax.text[0] == '!' || syntax.text[0] == '<' ||
          syntax.text[0] == '>') {
        return bind_comparison(syntax);
      }
      return bind_arithmetic(syntax);
    case SyntaxKind::kIs:
    case SyntaxKind::kIsNull:
      return bind_comparison(syntax);
    case SyntaxKind::kIn:
    case SyntaxKind::kBetween:
      return bind_membership(syntax);
    case SyntaxKind::kLike:
      return bind_like(syntax);
    case SyntaxKind::kCase:
      return bind_case(syntax);
    case SyntaxKind::kCast:
      return bind_cast(syntax);
  }
  return poison(syntax.span);
}

Expression ExpressionBinder::condition(const ExpressionSyntax& syntax, const char* stage) {
  Typed bound = bind(syntax);
  if (bound.poisoned) return bool_literal(true);
  if (bound.type().kind == TypeKind::kNull) return null_literal(kBoolType);
  if (bound.type().kind != TypeKind::kBool || bound.duration) {
    fault("E204", syntax.span,
          fmt::format("`{}` needs a condition, this is {}", stage,
                      bound.duration ? "a duration" : to_string(bound.type())),
          "compare it with something");
    return bool_literal(true);
  }
  return std::move(bound.expression);
}

std::optional<Value> ExpressionBinder::constant(const ExpressionSyntax& syntax,
                                                std::optional<Type> type) {
  const Typed bound = bind(syntax);
  if (bound.poisoned) return std::nullopt;
  if (bound.duration || !is_literal(bound.expression)) {
    fault("E206", syntax.span, "this must be known before any row is read",
          "write a literal, a parameter, or dates and numbers made of them");
    return std::nullopt;
  }
  if (!type) return bound.expression.literal;
  const Value& value = bound.expression.literal;
  if (value.is_null()) return Value{*type, {}};
  const bool same_kind = value.type.kind == type->kind;
  const bool widens = value.type.kind == TypeKind::kInt64 &&
                      (type->kind == TypeKind::kDecimal || type->kind == TypeKind::kFloat64);
  const bool midnight = value.type.kind == TypeKind::kDate && type->kind == TypeKind::kTimestamp;
  if (same_kind || widens || midnight) {
    if (auto cast = cast_value(value, *type, &context_.zone)) return cast;
  }
  fault("E207", syntax.span,
        fmt::format("a value of type {} is needed, this is {} {}", to_string(*type),
                    to_string(value.type), to_text(value, context_.zone)));
  return std::nullopt;
}

bool ExpressionBinder::contains_aggregate(const ExpressionSyntax& syntax,
                                          const MetricFrame* frame) const {
  if (syntax.kind == SyntaxKind::kPath && syntax.path.size() == 1) {
    const std::string& name = syntax.path[0].text;
    if (const ExpressionSyntax* argument = argument_of(frame, name)) {
      return contains_aggregate(*argument, frame->outer);
    }
    return input_.find(name) < 0 && find_metric(name, frame) != nullptr;
  }
  if (syntax.kind == SyntaxKind::kCall) {
    const FunctionEntry* entry = find_function(syntax.text);
    if (entry != nullptr && entry->group == FunctionGroup::kAggregate && !syntax.over) return true;
    if (entry == nullptr && find_metric(syntax.text, frame) != nullptr) return true;
  }
  return std::any_of(
      syntax.children.begin(), syntax.children.end(),
      [&](const ExpressionSyntax& child) { return contains_aggregate(child, frame); });
}

// A part without aggregates, among parts with: it must be made of by-keys.
Typed ExpressionBinder::bind_over_keys(const ExpressionSyntax& syntax) {
  AggregateScope* scope = aggregates_;
  if (syntax.kind == SyntaxKind::kPath && syntax.path.size() == 1) {
    for (std::size_t i = 0; i < scope->keys.size(); ++i) {
      if (scope->keys[i].name != syntax.path[0].text) continue;
      Typed key;
      key.expression = column_of(static_cast<int>(i), scope->keys[i].expression.type);
      key.span = syntax.span;
      return key;
    }
  }
  aggregates_ = nullptr;
  Typed plain = bind_node(syntax);
  aggregates_ = scope;
  plain.span = syntax.span;
  plain.origin = {};
  if (plain.poisoned) return plain;
  if (rewrite_over_keys(plain.expression)) return plain;
  // `n` of `n * count()` alone is at fault, not what is around it.
  if (syntax.kind != SyntaxKind::kPath && syntax.kind != SyntaxKind::kCall) {
    const std::size_t before = context_.diagnostics.size();
    for (const ExpressionSyntax& child : syntax.children) {
      if (bind_over_keys(child).poisoned && context_.diagnostics.size() > before) {
        return poison(syntax.span);
      }
    }
  }
  return fault("E302", syntax.span,
               fmt::format("`{}` is neither in `by` nor inside an aggregate",
                           context_.diagnostics.source().slice(syntax.span)),
               "put it after `by`, or say which of its values: `max(...)`");
}

bool ExpressionBinder::rewrite_over_keys(Expression& expression) const {
  for (std::size_t i = 0; i < aggregates_->keys.size(); ++i) {
    if (aggregates_->keys[i].expression == expression) {
      expression = column_of(static_cast<int>(i), expression.type);
      return true;
    }
  }
  if (expression.kind == ExpressionKind::kColumn) return false;
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [this](Expression& argument) { return rewrite_over_keys(argument); });
}

std::vector<Typed> ExpressionBinder::bind_all(const std::vector<ExpressionSyntax>& list,
                                              bool& poisoned) {
  std::vector<Typed> bound;
  bound.reserve(list.size());
  for (const ExpressionSyntax& syntax : list) {
    bound.push_back(bind(syntax));
    poisoned = poisoned || bound.back().poisoned;
    if (bound.back().duration && !bound.back().poisoned) {
      context_.diagnostics.add(lone_duration(syntax.span));
      poisoned = true;
    }
  }
  return bound;
}

}  // namespace stave
