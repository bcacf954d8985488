// Expressions that the engine and the planner make themselves.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/expression.h"
#include "stave/type.h"

namespace stave {

Expression column_expression(std::size_t position, Type type);
// Of the value's type.
Expression literal_expression(Value value);
Expression call_expression(Function function, Type type, std::vector<Expression> arguments);
// The input where it has the type already.
Expression cast_expression(Type type, const Expression& input);

}  // namespace stave
