// A sort of which only the first rows are taken is a `top`, which neither holds nor sorts the
// others. Both resolve ties by the order of their input, so nothing below may lose its sort for it:
// this comes after sorts that nobody sees were left out.
#include <cstdint>
#include <map>
#include <utility>

#include "engine/plan_readers.h"
#include "query/planning/optimize.h"
#include "query/planning/plan_builder.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

// Of more rows a sort by all threads is faster.
constexpr std::uint64_t kMostRows = std::uint64_t{1} << 16;

class SortCutter {
 public:
  explicit SortCutter(const Plans& plans) : readers_(plans) {}

  PlanPointer rewrite(const PlanPointer& plan) {
    const auto known = done_.find(plan.get());
    if (known != done_.end()) return known->second;
    std::vector<PlanPointer> inputs = inputs_of(*plan);
    const auto* limit = std::get_if<LimitNode>(&plan->node);
    const bool cuts =
        limit != nullptr && limit->count <= kMostRows && limit->offset <= kMostRows - limit->count;
    bool changed = false;
    for (PlanPointer& input : inputs) {
      PlanPointer made = rewrite(input);
      if (cuts) made = cut(made, *input, limit->count + limit->offset);
      changed = changed || made != input;
      input = std::move(made);
    }
    PlanPointer made = changed ? with_inputs(*plan, std::move(inputs)) : plan;
    done_.emplace(plan.get(), made);
    return made;
  }

 private:
  // `plan`, which was `before` this rewriting, with the sort below its projections cut off after
  // `count` rows.
  PlanPointer cut(const PlanPointer& plan, const Plan& before, std::uint64_t count) const {
    if (readers_.is_shared(before)) return plan;
    if (const auto* sort = std::get_if<SortNode>(&plan->node)) {
      return make_plan(TopNode{sort->input, count, false, sort->keys, {}}, plan->fields);
    }
    if (!std::holds_alternative<ProjectNode>(plan->node)) return plan;
    const PlanPointer input = inputs_of(*plan).front();
    PlanPointer made = cut(input, *inputs_of(before).front(), count);
    return made == input ? plan : with_inputs(*plan, {std::move(made)});
  }

  PlanReaders readers_;
  std::map<const Plan*, PlanPointer> done_;
};

}  // namespace

Plans cut_sorts(const Plans& plans) {
  SortCutter cutter(plans);
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(cutter.rewrite(plan));
  return made;
}

}  // namespace stave
