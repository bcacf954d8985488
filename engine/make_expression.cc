// See make_expression.h.
#include "engine/make_expression.h"

#include <utility>

namespace stave {

Expression column_expression(std::size_t position, Type type) {
  Expression expression;
  expression.kind = ExpressionKind::kColumn;
  expression.type = type;
  expression.column = static_cast<int>(position);
  return expression;
}

Expression literal_expression(Value value) {
  Expression expression;
  expression.kind = ExpressionKind::kLiteral;
  expression.type = value.type;
  expression.literal = std::move(value);
  return expression;
}

Expression call_expression(Function function, Type type, std::vector<Expression> arguments) {
  Expression expression;
  expression.kind = ExpressionKind::kCall;
  expression.type = type;
  expression.function = function;
  expression.arguments = std::move(arguments);
  return expression;
}

Expression cast_expression(Type type, const Expression& input) {
  return input.type == type ? input : call_expression(Function::kCast, type, {input});
}

}  // namespace stave
