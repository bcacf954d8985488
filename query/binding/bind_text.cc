// Functions of strings.
#include <fmt/format.h>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"

namespace stave {

Typed ExpressionBinder::bind_text_function(const ExpressionSyntax& syntax, ScalarName name,
                                           std::vector<Typed> arguments) {
  std::vector<Expression> texts;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const TypeKind kind = arguments[i].type().kind;
    if (kind != TypeKind::kString && kind != TypeKind::kNull) {
      return fault(
          "E204", syntax.children[i].span,
          fmt::format("`{}` needs text, this is {}", syntax.text, to_string(arguments[i].type())),
          kind == TypeKind::kList ? "use `expand` to get at the parts" : "cast it: `x::string`");
    }
    texts.push_back(coerce(std::move(arguments[i]), kStringType).expression);
  }
  switch (name) {
    case ScalarName::kLower:
      return made(Function::kLower, kStringType, std::move(texts), syntax.span);
    case ScalarName::kUpper:
      return made(Function::kUpper, kStringType, std::move(texts), syntax.span);
    case ScalarName::kLength:
      return made(Function::kLength, kInt64Type, std::move(texts), syntax.span);
    case ScalarName::kContains:
      return made(Function::kContains, kBoolType, std::move(texts), syntax.span);
    case ScalarName::kStartsWith:
      return made(Function::kStartsWith, kBoolType, std::move(texts), syntax.span);
    case ScalarName::kEndsWith:
      return made(Function::kEndsWith, kBoolType, std::move(texts), syntax.span);
    case ScalarName::kConcat:
      if (texts.size() == 1) return Typed{std::move(texts[0])};
      return made(Function::kConcat, kStringType, std::move(texts), syntax.span);
    default:
      break;
  }
  if (!is_literal(texts[1]) || is_null_literal(texts[1])) {
    return fault("E206", syntax.children[1].span, "the separator must be a string or a parameter",
                 "write `split(artists, \";\")`");
  }
  return made(Function::kSplit, kListType, std::move(texts), syntax.span);
}

}  // namespace stave
