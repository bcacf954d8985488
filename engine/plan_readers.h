// How many others read each operator of some plans.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/plan.h"

namespace stave {

// Whether the operator is run with the rows of its input as they are read, without holding any.
bool streams(const Plan& plan);

class PlanReaders {
 public:
  explicit PlanReaders(const std::vector<PlanPointer>& plans);
  // More than one reads it, and what it gives is held for them.
  bool is_shared(const Plan& plan) const;

 private:
  void count(const PlanPointer& plan);

  std::unordered_map<const Plan*, int> readers_;
};

// The plan and all that is below it.
void collect_plans(const PlanPointer& plan, std::unordered_set<const Plan*>& all);

}  // namespace stave
