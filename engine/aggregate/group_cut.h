// Groups that a `top` above the grouping cannot show, left out before they are ordered and named.
// Invariant: what is left holds all rows that the `top` gives, ties of its first key included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/plan.h"
#include "engine/vector.h"

namespace stave {

struct GroupCut {
  std::size_t call = 0;  // the aggregate that the `top` orders by first
  bool descending = false;
  std::uint64_t count = 0;
  std::vector<Expression> per;  // what groups that are compared have in common: over their input
};

// For the grouping that the `top` reads from with nothing but projections, outermost first, between
// them. Nothing where its first key is no aggregate, or `per` not made of group keys.
std::optional<GroupCut> group_cut(const TopNode& top,
                                  const std::vector<const ProjectNode*>& projections,
                                  const AggregateNode& groups);

// Whether the `top` compares all keys of the groups, so that it never asks which came first; as for
// group_cut.
bool orders_all_groups(const TopNode& top, const std::vector<const ProjectNode*>& projections,
                       const AggregateNode& groups);

// The rows, ascending, whose value comes no later than the last of the first `cut.count`.
std::vector<std::uint32_t> rows_in_reach(const GroupCut& cut, const Vector& values);

}  // namespace stave
