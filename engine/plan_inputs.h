// Walking a plan without knowing its operators.
#pragma once

#include <vector>

#include "engine/plan.h"

namespace stave {

// The nodes that a node reads, in the order in which their fields follow one another.
std::vector<PlanPointer> inputs_of(const Plan& plan);

}  // namespace stave
