// Days that share their constant keys (a month, where groups are of months) as one scope: its
// groups are complete, so state is as small as that of a month, and nothing is merged afterwards.
#pragma once

#include <optional>
#include <vector>

#include "engine/aggregate/key_plan.h"
#include "engine/context.h"
#include "engine/pipeline.h"
#include "stave/result.h"

namespace stave {

// Scopes with equal scope keys as one, in the order of their first; `plan` is by day. Nothing where
// they would be too few, or one of them too large, for several threads to share the work.
Result<std::optional<std::vector<Scope>>> join_scopes(const KeyPlan& plan,
                                                      std::vector<Scope> scopes,
                                                      const Pipeline& input,
                                                      ExecutionContext& context);

}  // namespace stave
