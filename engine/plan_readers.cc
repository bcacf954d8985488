// Who reads a streaming operator reads what is below it; see the header.
#include "engine/plan_readers.h"

#include "engine/plan_inputs.h"

namespace stave {

bool streams(const Plan& plan) {
  return std::holds_alternative<ScanNode>(plan.node) ||
         std::holds_alternative<FilterNode>(plan.node) ||
         std::holds_alternative<ProjectNode>(plan.node);
}

PlanReaders::PlanReaders(const std::vector<PlanPointer>& plans) {
  for (const PlanPointer& plan : plans) count(plan);
}

bool PlanReaders::is_shared(const Plan& plan) const {
  const auto known = readers_.find(&plan);
  return known != readers_.end() && known->second > 1;
}

void PlanReaders::count(const PlanPointer& plan) {
  const int readers = ++readers_[plan.get()];
  // More than two readers are as two.
  if (readers > 1 && (readers > 2 || !streams(*plan))) return;
  for (const PlanPointer& input : inputs_of(*plan)) count(input);
}

void collect_plans(const PlanPointer& plan, std::unordered_set<const Plan*>& all) {
  if (!all.insert(plan.get()).second) return;
  for (const PlanPointer& input : inputs_of(*plan)) collect_plans(input, all);
}

}  // namespace stave
