// Expressions that the engine makes itself.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/expression.h"
#include "stave/type.h"

namespace stave {

Expression column_expression(std::size_t position, Type type);
Expression call_expression(Function function, Type type, std::vector<Expression> arguments);
// The input where it has the type already.
Expression cast_expression(Type type, const Expression& input);

}  // namespace stave
