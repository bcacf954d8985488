// Expressions in the words of the language, for plans shown to people.
#pragma once

#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/plan.h"

namespace stave {

// `fields` are those that the expression is over; a column that is not among them is `?`.
std::string expression_text(const Expression& expression, const std::vector<Field>& fields);

}  // namespace stave
