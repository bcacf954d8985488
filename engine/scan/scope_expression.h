// Which expressions over a stored fact are known from where a row lies: its partition day and,
// where the segment is not stale, its clustering value.
#pragma once

#include <optional>

#include "engine/pipeline.h"
#include "engine/scan/table_source.h"

namespace stave {

// The expression over (day, clustering value), nothing where a row's values are needed.
std::optional<Expression> scope_expression(const Expression& expression, ScopeKind kind,
                                           const TableSource& source);
// Whether equal values imply equal partition days.
bool implies_day(const Expression& expression, const TableSource& source);

}  // namespace stave
