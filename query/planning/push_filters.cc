// Moves each part of a condition as near to the scan as it means the same. A part that can fault
// never passes another filter or a join: it would meet rows that those keep from it.
#include <algorithm>
#include <unordered_map>

#include "engine/evaluate/may_fault.h"
#include "query/planning/optimize.h"
#include "query/planning/plan_builder.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

constexpr std::size_t kLargestPushed = 300;  // nodes; substitution could double it again and again

using Conditions = std::vector<Expression>;

bool within(const Expression& condition, int from, int to) {
  bool inside = true;
  for_each_column(condition, [&](int column) { inside = inside && column >= from && column < to; });
  return inside;
}

class FilterPusher {
 public:
  explicit FilterPusher(const Plans& roots) {
    for (const PlanPointer& root : roots) count(root);
  }

  PlanPointer rewrite(const PlanPointer& plan) {
    const auto known = done_.find(plan.get());
    if (known != done_.end()) return known->second;
    PlanPointer made = push_into(plan, {});
    done_.emplace(plan.get(), made);
    return made;
  }

 private:
  void count(const PlanPointer& plan) {
    if (++uses_[plan.get()] > 1) return;
    for (const PlanPointer& input : inputs_of(*plan)) count(input);
  }

  // The plan filtered by the conditions.
  PlanPointer push(const PlanPointer& plan, Conditions conditions) {
    if (uses_[plan.get()] > 1 || conditions.empty())
      return above(rewrite(plan), std::move(conditions));
    return push_into(plan, std::move(conditions));
  }

  static PlanPointer above(PlanPointer plan, Conditions conditions) {
    return filter(std::move(plan), conjunction(std::move(conditions)));
  }

  // Moves those that fit the test out of `conditions`.
  template <typename Test>
  static Conditions taken(Conditions& conditions, Test test) {
    Conditions fit;
    Conditions rest;
    for (Expression& condition : conditions) {
      (test(condition) ? fit : rest).push_back(std::move(condition));
    }
    conditions = std::move(rest);
    return fit;
  }

  PlanPointer push_into(const PlanPointer& plan, Conditions conditions) {
    if (const auto* node = std::get_if<ScanNode>(&plan->node))
      return into_scan(plan, *node, std::move(conditions));
    if (const auto* node = std::get_if<FilterNode>(&plan->node))
      return into_filter(*node, std::move(conditions));
    if (const auto* node = std::get_if<ProjectNode>(&plan->node)) {
      return into_project(plan, *node, std::move(conditions));
    }
    if (const auto* node = std::get_if<AggregateNode>(&plan->node)) {
      return into_aggregate(plan, *node, std::move(conditions));
    }
    if (const auto* node = std::get_if<JoinNode>(&plan->node))
      return into_join(plan, *node, std::move(conditions));
    if (const auto* node = std::get_if<UnionNode>(&plan->node)) {
      std::vector<PlanPointer> inputs;
      for (const PlanPointer& input : node->inputs) inputs.push_back(push(input, conditions));
      return with_inputs(*plan, std::move(inputs));
    }
    if (const auto* node = std::get_if<SortNode>(&plan->node)) {
      return with_inputs(*plan, {push(node->input, std::move(conditions))});
    }
    std::vector<PlanPointer> inputs;
    for (const PlanPointer& input : inputs_of(*plan)) inputs.push_back(rewrite(input));
    return above(with_inputs(*plan, std::move(inputs)), std::move(conditions));
  }

  static PlanPointer into_scan(const PlanPointer& plan, const ScanNode& node,
                               Conditions conditions) {
    if (conditions.empty()) return plan;
    ScanNode scan = node;
    if (scan.predicate) conditions.insert(conditions.begin(), std::move(*scan.predicate));
    Expression predicate = conjunction(std::move(conditions));
    if (is_bool_literal(predicate, true)) return plan;
    scan.predicate = std::move(predicate);
    return make_plan(std::move(scan), std::vector<Field>(plan->fields));
  }

  PlanPointer into_filter(const FilterNode& node, Conditions conditions) {
    Conditions safe = taken(conditions, [](const Expression& part) { return !may_fault(part); });
    Conditions all = conjuncts_of(node.predicate);
    for (Expression& part : safe) all.push_back(std::move(part));
    return above(push(node.input, std::move(all)), std::move(conditions));
  }

  PlanPointer into_project(const PlanPointer& plan, const ProjectNode& node,
                           Conditions conditions) {
    Conditions below;
    Conditions rest;
    for (Expression& condition : conditions) {
      Expression moved = replace_columns(condition, [&](int column) {
        return node.columns[static_cast<std::size_t>(column)].expression;
      });
      if (size_of(moved) <= kLargestPushed) {
        below.push_back(std::move(moved));
      } else {
        rest.push_back(std::move(condition));
      }
    }
    return above(with_inputs(*plan, {push(node.input, std::move(below))}), std::move(rest));
  }

  PlanPointer into_aggregate(const PlanPointer& plan, const AggregateNode& node,
                             Conditions conditions) {
    const auto keys = static_cast<int>(node.keys.size());
    Conditions of_keys = taken(conditions, [&](const Expression& part) {
      return keys > 0 && within(part, 0, keys) && !may_fault(part);
    });
    Conditions below;
    for (Expression& part : of_keys) {
      below.push_back(replace_columns(std::move(part), [&](int column) {
        return node.keys[static_cast<std::size_t>(column)].expression;
      }));
    }
    return above(with_inputs(*plan, {push(node.input, std::move(below))}), std::move(conditions));
  }

  PlanPointer into_join(const PlanPointer& plan, const JoinNode& node, Conditions conditions) {
    const auto left_width = static_cast<int>(node.left->fields.size());
    const auto width = static_cast<int>(plan->fields.size());
    Conditions left;
    Conditions right;
    if (node.kind != JoinKind::kFull) {
      left = taken(conditions, [&](const Expression& part) {
        return within(part, 0, left_width) && !may_fault(part);
      });
    }
    // Without `many` fewer right rows could hide that a left row has two matches.
    if (node.kind == JoinKind::kInner && node.many) {
      right = taken(conditions, [&](const Expression& part) {
        return within(part, left_width, width) && !may_fault(part);
      });
      for (Expression& part : right) {
        part = replace_columns(std::move(part), [&](int column) {
          return column_of(column - left_width,
                           plan->fields[static_cast<std::size_t>(column)].type);
        });
      }
    }
    std::vector<PlanPointer> inputs = {push(node.left, std::move(left)),
                                       push(node.right, std::move(right))};
    return above(with_inputs(*plan, std::move(inputs)), std::move(conditions));
  }

  std::unordered_map<const Plan*, int> uses_;
  std::unordered_map<const Plan*, PlanPointer> done_;
};

}  // namespace

Plans push_filters(const Plans& plans) {
  FilterPusher pusher(plans);
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(pusher.rewrite(plan));
  return made;
}

}  // namespace stave
