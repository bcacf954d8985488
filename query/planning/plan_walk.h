// Looking at plans and expressions without changing them, and replacing columns in expressions.
#pragma once

#include <functional>
#include <vector>

#include "engine/plan.h"
#include "engine/plan_inputs.h"

namespace stave {

// The same node over other inputs, as many as it has, of the same fields.
PlanPointer with_inputs(const Plan& plan, std::vector<PlanPointer> inputs);

void for_each_column(const Expression& expression, const std::function<void(int)>& visit);
// Every column replaced by what `with` gives for its position.
Expression replace_columns(Expression expression, const std::function<Expression(int)>& with);
std::size_t size_of(const Expression& expression);

}  // namespace stave
