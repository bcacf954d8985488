// Logic, comparisons, membership, patterns, case and casts.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"
#include "query/values/value_text.h"

namespace stave {

Typed ExpressionBinder::bind_logical(const ExpressionSyntax& syntax) {
  const std::string word = syntax.kind == SyntaxKind::kNot ? "not" : syntax.text;
  std::vector<Expression> parts;
  bool poisoned = false;
  for (const ExpressionSyntax& child : syntax.children) {
    Typed part = bind(child);
    if (!part.poisoned && (part.duration || (part.type().kind != TypeKind::kBool &&
                                             part.type().kind != TypeKind::kNull))) {
      part = fault("E204", child.span,
                   fmt::format("`{}` needs a condition, this is {}", word,
                               part.duration ? "a duration" : to_string(part.type())));
    }
    poisoned = poisoned || part.poisoned;
    parts.push_back(cast_to(std::move(part.expression), kBoolType));
  }
  if (poisoned) return poison(syntax.span);
  const Function function = word == "not"   ? Function::kNot
                            : word == "and" ? Function::kAnd
                                            : Function::kOr;
  return made(function, kBoolType, std::move(parts), syntax.span);
}

Typed ExpressionBinder::bind_comparison(const ExpressionSyntax& syntax) {
  bool poisoned = false;
  std::vector<Typed> sides = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  if (syntax.kind == SyntaxKind::kIsNull) {
    return made(syntax.negated ? Function::kIsNotNull : Function::kIsNull, kBoolType,
                {std::move(sides[0].expression)}, syntax.span);
  }
  if (syntax.kind == SyntaxKind::kBinary && (syntax.children[0].kind == SyntaxKind::kNull ||
                                             syntax.children[1].kind == SyntaxKind::kNull)) {
    const bool equal = syntax.text == "==";
    return fault("E202", syntax.span, "nothing compares with null: the result is always null",
                 equal                 ? "write `is null`"
                 : syntax.text == "!=" ? "write `is not null`"
                                       : "write `is null` or `is not null`");
  }
  const auto type = common_type(sides[0], sides[1], syntax.span, "the two sides");
  if (!type) return poison(syntax.span);
  if (type->kind == TypeKind::kList) {
    return fault("E201", syntax.span, "lists do not compare", "use `expand` and compare the parts");
  }
  std::vector<Expression> arguments;
  arguments.reserve(sides.size());
  for (Typed& side : sides) arguments.push_back(coerce(std::move(side), *type).expression);
  if (syntax.kind == SyntaxKind::kIs) {
    return made(syntax.negated ? Function::kIsNot : Function::kIs, kBoolType, std::move(arguments),
                syntax.span);
  }
  // Without any value yet on either side the answer is null.
  if (type->kind == TypeKind::kNull) {
    Typed nothing;
    nothing.expression = null_literal(kBoolType);
    return nothing;
  }
  const std::string& symbol = syntax.text;
  const Function function = symbol == "=="   ? Function::kEqual
                            : symbol == "!=" ? Function::kNotEqual
                            : symbol == "<"  ? Function::kLess
                            : symbol == "<=" ? Function::kLessEqual
                            : symbol == ">"  ? Function::kGreater
                                             : Function::kGreaterEqual;
  return made(function, kBoolType, std::move(arguments), syntax.span);
}

Typed ExpressionBinder::bind_membership(const ExpressionSyntax& syntax) {
  bool poisoned = false;
  std::vector<Typed> parts = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  Typed widest = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto type = common_type(widest, parts[i], syntax.children[i].span,
                                  "the value and what it is compared with");
    if (!type) return poison(syntax.span);
    widest.expression = null_literal(*type);
  }
  const Type type = widest.type();
  std::vector<Expression> arguments;
  bool literals = true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    arguments.push_back(coerce(std::move(parts[i]), type).expression);
    literals = literals && (i == 0 || is_literal(arguments.back()));
  }
  Typed bound;
  if (type.kind == TypeKind::kNull) {
    bound.expression = null_literal(kBoolType);
  } else if (syntax.kind == SyntaxKind::kBetween) {
    bound = made(Function::kBetween, kBoolType, std::move(arguments), syntax.span);
  } else if (literals) {
    bound = made(Function::kIn, kBoolType, std::move(arguments), syntax.span);
  } else {
    std::vector<Expression> equals;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      equals.push_back(call(Function::kEqual, kBoolType, {arguments[0], arguments[i]}));
    }
    bound = made(Function::kOr, kBoolType, std::move(equals), syntax.span);
  }
  if (!syntax.negated) return bound;
  return made(Function::kNot, kBoolType, {std::move(bound.expression)}, syntax.span);
}

Typed ExpressionBinder::bind_like(const ExpressionSyntax& syntax) {
  bool poisoned = false;
  std::vector<Typed> parts = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  if (parts[0].type().kind == TypeKind::kNull) parts[0] = coerce(std::move(parts[0]), kStringType);
  if (parts[0].type().kind != TypeKind::kString) {
    return fault("E204", syntax.children[0].span,
                 fmt::format("`like` needs text, this is {}", to_string(parts[0].type())),
                 "cast it: `x::string`");
  }
  Typed bound = made(Function::kLike, kBoolType,
                     {std::move(parts[0].expression), string_literal(syntax.text)}, syntax.span);
  if (!syntax.negated) return bound;
  return made(Function::kNot, kBoolType, {std::move(bound.expression)}, syntax.span);
}

Typed ExpressionBinder::bind_case(const ExpressionSyntax& syntax) {
  const std::size_t count = syntax.children.size();
  bool poisoned = false;
  std::vector<Typed> parts = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  Typed widest = poison(syntax.span);
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == count;
    if (!is_value) {
      if (parts[i].type().kind != TypeKind::kBool && parts[i].type().kind != TypeKind::kNull) {
        return fault("E204", syntax.children[i].span,
                     fmt::format("`case` needs conditions, this is {}", to_string(parts[i].type())),
                     "write `case { condition => value, else => value }`");
      }
      continue;
    }
    const auto type =
        common_type(widest, parts[i], syntax.children[i].span, "the values of `case`");
    if (!type) return poison(syntax.span);
    widest.expression = null_literal(*type);
  }
  const Type type = widest.type();
  std::vector<Expression> arguments;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == count;
    arguments.push_back(coerce(std::move(parts[i]), is_value ? type : kBoolType).expression);
  }
  if (count % 2 == 0) arguments.push_back(null_literal(type));
  return made(Function::kCase, type, std::move(arguments), syntax.span);
}

Typed ExpressionBinder::bind_cast(const ExpressionSyntax& syntax) {
  bool poisoned = false;
  std::vector<Typed> parts = bind_all(syntax.children, poisoned);
  if (poisoned) return poison(syntax.span);
  Typed& value = parts[0];
  const TypeKind from = value.type().kind;
  const TypeKind to = syntax.type.kind;
  const auto is_number = [](TypeKind kind) {
    return kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kFloat64;
  };
  const auto is_time = [](TypeKind kind) {
    return kind == TypeKind::kDate || kind == TypeKind::kTimestamp;
  };
  const bool known = from == to || from == TypeKind::kNull || to == TypeKind::kString ||
                     from == TypeKind::kString || (is_number(from) && is_number(to)) ||
                     (is_time(from) && is_time(to)) ||
                     (from == TypeKind::kBool && to == TypeKind::kInt64);
  if (!known) {
    return fault(
        "E208", syntax.span,
        fmt::format("no cast from {} to {}", to_string(value.type()), to_string(syntax.type)));
  }
  if (is_literal(value.expression) && from == TypeKind::kString &&
      !value.expression.literal.is_null() && to != TypeKind::kString) {
    const std::string& text = std::get<std::string>(value.expression.literal.data);
    if (!parse_value(text, syntax.type, context_.zone)) {
      return fault("E208", syntax.span,
                   fmt::format("\"{}\" does not read as {}", text, to_string(syntax.type)));
    }
  }
  return coerce(std::move(value), syntax.type);
}

}  // namespace stave
