// Inputs of nodes and columns of expressions.
#include "query/planning/plan_walk.h"

#include <type_traits>

namespace stave {

PlanPointer with_inputs(const Plan& plan, std::vector<PlanPointer> inputs) {
  Plan changed = plan;
  std::visit(
      [&](auto& node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, JoinNode>) {
          node.left = std::move(inputs[0]);
          node.right = std::move(inputs[1]);
        } else if constexpr (std::is_same_v<Node, UnionNode>) {
          node.inputs = std::move(inputs);
        } else if constexpr (!std::is_same_v<Node, ScanNode>) {
          node.input = std::move(inputs[0]);
        }
      },
      changed.node);
  return std::make_shared<const Plan>(std::move(changed));
}

void for_each_column(const Expression& expression, const std::function<void(int)>& visit) {
  if (expression.kind == ExpressionKind::kColumn) visit(expression.column);
  for (const Expression& argument : expression.arguments) for_each_column(argument, visit);
}

Expression replace_columns(Expression expression, const std::function<Expression(int)>& with) {
  if (expression.kind == ExpressionKind::kColumn) return with(expression.column);
  for (Expression& argument : expression.arguments) {
    argument = replace_columns(std::move(argument), with);
  }
  return expression;
}

std::size_t size_of(const Expression& expression) {
  std::size_t size = 1;
  for (const Expression& argument : expression.arguments) size += size_of(argument);
  return size;
}

}  // namespace stave
