// A sort below a grouping or a total `top` is work that nobody sees.
#include <map>
#include <utility>

#include "query/planning/optimize.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

class SortDropper {
 public:
  PlanPointer rewrite(const PlanPointer& plan, bool order_is_seen) {
    const auto key = std::make_pair(plan.get(), order_is_seen);
    const auto known = done_.find(key);
    if (known != done_.end()) return known->second;
    PlanPointer made = make(plan, order_is_seen);
    // Both uses of a shared node become one again where the order does not differ.
    if (made == plan) done_.emplace(std::make_pair(plan.get(), !order_is_seen), made);
    done_.emplace(key, made);
    return made;
  }

 private:
  PlanPointer make(const PlanPointer& plan, bool order_is_seen) {
    if (std::holds_alternative<SortNode>(plan->node) && !order_is_seen) {
      return rewrite(std::get<SortNode>(plan->node).input, false);
    }
    std::vector<bool> seen(2, order_is_seen);
    if (const auto* node = std::get_if<TopNode>(&plan->node)) {
      seen[0] = node->with_ties;
    } else if (std::holds_alternative<AggregateNode>(plan->node)) {
      seen[0] = false;
    } else if (std::holds_alternative<LimitNode>(plan->node) ||
               std::holds_alternative<SortNode>(plan->node)) {
      seen[0] = true;
    } else if (const auto* join = std::get_if<JoinNode>(&plan->node)) {
      if (join->kind == JoinKind::kSemi || join->kind == JoinKind::kAnti) seen[1] = false;
    }
    std::vector<PlanPointer> inputs = inputs_of(*plan);
    bool changed = false;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      PlanPointer made = rewrite(inputs[i], seen[i == 0 ? 0 : 1]);
      changed = changed || made != inputs[i];
      inputs[i] = std::move(made);
    }
    return changed ? with_inputs(*plan, std::move(inputs)) : plan;
  }

  std::map<std::pair<const Plan*, bool>, PlanPointer> done_;
};

}  // namespace

Plans drop_unseen_sorts(const Plans& plans) {
  SortDropper dropper;
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(dropper.rewrite(plan, true));
  return made;
}

}  // namespace stave
