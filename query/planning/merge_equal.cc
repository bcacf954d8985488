// Reports that use the same reports, and programs of several pipelines, ask for the same work more
// than once. Operators that hold what they give (groupings, joins, windows, sorts) become one node
// where they are alike down to their scans, and are then run once. What streams stays as it is: it
// is read anew by each of its readers.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "query/planning/optimize.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

bool same(const Expression& one, const Expression& other) {
  return one == other;
}
bool same(const NamedExpression& one, const NamedExpression& other) {
  return one.name == other.name && one.expression == other.expression;
}
bool same(const SortKey& one, const SortKey& other) {
  return one.descending == other.descending && one.expression == other.expression;
}
bool same(const Value& one, const Value& other) {
  return one.type == other.type && one.data == other.data;
}
bool same(const AggregateCall& one, const AggregateCall& other);
bool same(const WindowCall& one, const WindowCall& other);
bool same(const Field& one, const Field& other) {
  return one.name == other.name && one.type == other.type;
}
template <typename Item>
bool same(const std::vector<Item>& one, const std::vector<Item>& other) {
  return std::ranges::equal(one, other, [](const auto& a, const auto& b) { return same(a, b); });
}
bool same(const AggregateCall& one, const AggregateCall& other) {
  return one.function == other.function && one.type == other.type && one.name == other.name &&
         same(one.arguments, other.arguments) && same(one.parameter, other.parameter);
}
bool same(const WindowCall& one, const WindowCall& other) {
  return one.function == other.function && one.aggregate == other.aggregate &&
         one.type == other.type && one.name == other.name && one.has_frame == other.has_frame &&
         one.frame_from == other.frame_from && one.frame_to == other.frame_to &&
         same(one.arguments, other.arguments) && same(one.parameter, other.parameter) &&
         same(one.per, other.per) && same(one.sort, other.sort) &&
         one.asked_keys == other.asked_keys;
}
// What a node does, its inputs aside.
struct SameWork {
  bool operator()(const ScanNode& one, const ScanNode& other) const {
    return one.table == other.table && one.columns == other.columns &&
           one.predicate == other.predicate;
  }
  bool operator()(const FilterNode& one, const FilterNode& other) const {
    return one.predicate == other.predicate;
  }
  bool operator()(const ProjectNode& one, const ProjectNode& other) const {
    return same(one.columns, other.columns);
  }
  bool operator()(const AggregateNode& one, const AggregateNode& other) const {
    return same(one.keys, other.keys) && same(one.aggregates, other.aggregates);
  }
  bool operator()(const SortNode& one, const SortNode& other) const {
    return same(one.keys, other.keys);
  }
  bool operator()(const LimitNode& one, const LimitNode& other) const {
    return one.count == other.count && one.offset == other.offset;
  }
  bool operator()(const TopNode& one, const TopNode& other) const {
    return one.count == other.count && one.with_ties == other.with_ties &&
           same(one.keys, other.keys) && same(one.per, other.per);
  }
  bool operator()(const JoinNode& one, const JoinNode& other) const {
    return one.kind == other.kind && one.many == other.many && one.null_safe == other.null_safe &&
           same(one.left_keys, other.left_keys) && same(one.right_keys, other.right_keys) &&
           one.residual == other.residual;
  }
  bool operator()(const UnionNode&, const UnionNode&) const { return true; }
  bool operator()(const WindowNode& one, const WindowNode& other) const {
    return same(one.calls, other.calls);
  }
  bool operator()(const ExpandNode& one, const ExpandNode& other) const {
    return same(one.list, other.list);
  }
  bool operator()(const ExpectNode& one, const ExpectNode& other) const {
    return one.condition == other.condition && one.message == other.message;
  }
  template <typename One, typename Other>
  bool operator()(const One&, const Other&) const {
    return false;
  }
};

bool streams(const Plan& plan) {
  return std::holds_alternative<ScanNode>(plan.node) ||
         std::holds_alternative<FilterNode>(plan.node) ||
         std::holds_alternative<ProjectNode>(plan.node);
}

class EqualMerger {
 public:
  PlanPointer rewrite(const PlanPointer& plan) { return merged(plan).plan; }

 private:
  // A node after merging, and the number of all nodes that are as it.
  struct Merged {
    PlanPointer plan;
    std::size_t number = 0;
  };
  struct Known {
    PlanPointer old;
    Merged merged;
  };

  Merged merged(const PlanPointer& plan) {
    const auto known = done_.find(plan.get());
    if (known != done_.end()) return known->second;
    std::vector<PlanPointer> inputs;
    // Its kind and its inputs: few others share them.
    std::vector<std::size_t> place{plan->node.index()};
    bool is_changed = false;
    for (const PlanPointer& input : inputs_of(*plan)) {
      const Merged& one = merged(input);
      is_changed |= one.plan != input;
      place.push_back(one.number);
      inputs.push_back(one.plan);
    }
    PlanPointer made = is_changed ? with_inputs(*plan, std::move(inputs)) : plan;
    std::vector<Known>& alike = known_[std::move(place)];
    const auto equal = std::ranges::find_if(alike, [&](const Known& other) {
      return same(other.old->fields, plan->fields) &&
             std::visit(SameWork{}, other.old->node, plan->node);
    });
    if (equal == alike.end()) {
      alike.push_back({plan, {made, ++numbers_}});
      return done_[plan.get()] = alike.back().merged;
    }
    const Merged all = {streams(*plan) ? std::move(made) : equal->merged.plan,
                        equal->merged.number};
    return done_[plan.get()] = all;
  }

  std::unordered_map<const Plan*, Merged> done_;
  std::map<std::vector<std::size_t>, std::vector<Known>> known_;
  std::size_t numbers_ = 0;
};

}  // namespace

Plans merge_equal(const Plans& plans) {
  EqualMerger merger;
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(merger.rewrite(plan));
  return made;
}

}  // namespace stave
