// Evaluates calls of literals while planning.
// Invariant: a value given is what the run would give; nothing is given where the run would report
// a fault, or where the call is not one of those known here.
#pragma once

#include <optional>

#include "engine/expression.h"

namespace stave {

class ProgramZone;

std::optional<Value> fold(const Expression& call, const ProgramZone* zone);

}  // namespace stave
