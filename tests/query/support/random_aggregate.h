// Aggregates of the language made at random, and what each means for the rows of a group.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/query/support/random_expression.h"

namespace stave::testing {

struct MadeAggregate {
  std::string text;
  Kind kind = Kind::kInteger;
  std::function<Cell(const std::vector<const Row*>&)> of;
  bool can_move = true;  // over some rows around each
};

MadeAggregate make_aggregate(const ExpressionMaker& maker);

}  // namespace stave::testing
