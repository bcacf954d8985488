// Which expressions are safe to compute for rows that nobody asked for.
#pragma once

#include "engine/expression.h"

namespace stave {

// Whether it can stop a query for some values of its columns.
bool may_fault(const Expression& expression);

}  // namespace stave
