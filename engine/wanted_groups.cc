// Groupings are looked for below what their reader may have between it and them.
#include "engine/wanted_groups.h"

#include <algorithm>
#include <vector>

#include "engine/aggregate/group_cut.h"
#include "engine/evaluate/may_fault.h"

namespace stave {
namespace {

// Whether what lies between groups and the rows of the `top` can stop the query. The order of the
// groups then decides which of them it names.
bool may_fault_above_groups(const TopNode& top,
                            const std::vector<const ProjectNode*>& projections) {
  return std::ranges::any_of(top.per, may_fault) ||
         std::ranges::any_of(top.keys, may_fault, &SortKey::expression) ||
         std::ranges::any_of(projections, [](const ProjectNode* projection) {
           return std::ranges::any_of(projection->columns, may_fault, &NamedExpression::expression);
         });
}

}  // namespace

const AggregateNode* WantedGroups::note_reader(const TopNode& top) {
  std::vector<const ProjectNode*> projections;
  const Plan* below = top.input.get();
  for (; !readers_.is_shared(*below); below = projections.back()->input.get()) {
    const auto* projection = std::get_if<ProjectNode>(&below->node);
    if (projection == nullptr) break;
    projections.push_back(projection);
  }
  const auto* groups = std::get_if<AggregateNode>(&below->node);
  if (groups == nullptr || readers_.is_shared(*below)) return nullptr;
  GroupsWanted& wanted = wanted_[groups];
  wanted.cut = group_cut(top, projections, *groups);
  wanted.in_any_order =
      orders_all_groups(top, projections, *groups) && !may_fault_above_groups(top, projections);
  return groups;
}

void WantedGroups::note_reader(const AggregateNode& above) {
  // Groups meet in any order what cannot stop the query: what can names the first that does.
  bool faults = std::ranges::any_of(above.keys, may_fault, &NamedExpression::expression) ||
                std::ranges::any_of(above.aggregates, [](const AggregateCall& call) {
                  return std::ranges::any_of(call.arguments, may_fault);
                });
  const Plan* below = above.input.get();
  while (!readers_.is_shared(*below)) {
    if (const auto* projection = std::get_if<ProjectNode>(&below->node)) {
      faults |= std::ranges::any_of(projection->columns, may_fault, &NamedExpression::expression);
      below = projection->input.get();
    } else if (const auto* filter = std::get_if<FilterNode>(&below->node)) {
      faults |= may_fault(filter->predicate);
      below = filter->input.get();
    } else {
      break;
    }
  }
  const auto* groups = std::get_if<AggregateNode>(&below->node);
  if (groups == nullptr || readers_.is_shared(*below)) return;
  GroupsWanted& wanted = wanted_[groups];
  wanted.in_order = false;
  wanted.in_any_order = !faults;
}

GroupsWanted WantedGroups::of(const AggregateNode& groups) const {
  const auto known = wanted_.find(&groups);
  return known == wanted_.end() ? GroupsWanted() : known->second;
}

}  // namespace stave
