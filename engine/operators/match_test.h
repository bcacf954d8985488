// Whether a row has a match on the right side of a join, as a test that the pipeline on its left
// makes row by row: semi and anti joins then hold no left row.
#pragma once

#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/plan.h"
#include "engine/runtime/row_test.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// The test of a semi or an anti join, and the left expressions that it takes as arguments.
struct MatchTest {
  std::shared_ptr<const RowTest> test;
  std::vector<Expression> arguments;
};

// `left_fields`: how many columns the left side has, which come first in the residual.
Result<MatchTest> make_match_test(const JoinNode& node, std::size_t left_fields,
                                  const Relation& right, ExecutionContext& context);

}  // namespace stave
