// One rule against one load.
#pragma once

#include <string>
#include <vector>

#include "stave/quality.h"

namespace stave::quality {

// What came of `rule`, which is one of the load's table. An error is a rule that cannot be
// computed.
Result<RuleResult> run_rule(const QualityRule& rule, const LoadPreview& load,
                            const QualityOptions& options);

}  // namespace stave::quality
