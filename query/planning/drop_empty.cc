// Parts of a plan that give no rows whatever the store holds in its other tables: scans of tables
// without rows, filters that are never true, and what is made of them. They are neither planned
// further nor run, so that a rule which is switched off, or has no rows, costs a program nothing.
#include <algorithm>
#include <unordered_map>

#include "query/planning/optimize.h"
#include "query/planning/plan_builder.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

// A union of nothing.
PlanPointer nothing(const std::vector<Field>& fields) {
  return make_plan(UnionNode{}, fields);
}

bool is_nothing(const PlanPointer& plan) {
  const auto* node = std::get_if<UnionNode>(&plan->node);
  return node != nullptr && node->inputs.empty();
}

bool is_never_true(const Expression& condition) {
  return is_null_literal(condition) || is_bool_literal(condition, false);
}

bool are_same_types(const Plan& one, const Plan& other) {
  return std::ranges::equal(one.fields, other.fields,
                            [](const Field& a, const Field& b) { return a.type == b.type; });
}

// The columns of the left side, then nulls for those of the right one.
PlanPointer beside_nulls(const Plan& join, const PlanPointer& left) {
  std::vector<NamedExpression> columns;
  for (std::size_t i = 0; i < join.fields.size(); ++i) {
    const Field& field = join.fields[i];
    const bool is_left = i < left->fields.size();
    columns.push_back({field.name, is_left ? column_of(static_cast<int>(i), field.type)
                                           : null_literal(field.type)});
  }
  return project(left, std::move(columns));
}

class EmptyDropper {
 public:
  explicit EmptyDropper(const Manifest& manifest) : manifest_(manifest) {}

  PlanPointer rewrite(const PlanPointer& plan) {
    const auto known = done_.find(plan.get());
    if (known != done_.end()) return known->second;
    PlanPointer made = rewrite_new(plan);
    done_.emplace(plan.get(), made);
    return made;
  }

 private:
  PlanPointer rewrite_new(const PlanPointer& plan) {
    if (const auto* scan = std::get_if<ScanNode>(&plan->node)) {
      const TableState* table = manifest_.find_table(scan->table);
      const bool is_empty = table != nullptr && table->rows == 0;
      return is_empty ? nothing(plan->fields) : plan;
    }
    if (const auto* node = std::get_if<FilterNode>(&plan->node);
        node != nullptr && is_never_true(node->predicate)) {
      return nothing(plan->fields);
    }
    std::vector<PlanPointer> inputs;
    bool is_changed = false;
    for (const PlanPointer& input : inputs_of(*plan)) {
      inputs.push_back(rewrite(input));
      is_changed |= inputs.back() != input;
    }
    if (!is_changed) return plan;
    if (const auto* node = std::get_if<JoinNode>(&plan->node)) {
      return over_join(plan, *node, std::move(inputs));
    }
    if (std::holds_alternative<UnionNode>(plan->node)) {
      return over_union(plan, std::move(inputs));
    }
    const auto* aggregate = std::get_if<AggregateNode>(&plan->node);
    const bool makes_rows = aggregate != nullptr && aggregate->keys.empty();
    return is_nothing(inputs[0]) && !makes_rows ? nothing(plan->fields)
                                                : with_inputs(*plan, std::move(inputs));
  }

  static PlanPointer over_join(const PlanPointer& plan, const JoinNode& node,
                               std::vector<PlanPointer> inputs) {
    const bool no_left = is_nothing(inputs[0]);
    const bool no_right = is_nothing(inputs[1]);
    switch (node.kind) {
      case JoinKind::kInner:
      case JoinKind::kSemi:
        if (no_left || no_right) return nothing(plan->fields);
        break;
      case JoinKind::kLeft:
        if (no_left) return nothing(plan->fields);
        if (no_right) return beside_nulls(*plan, inputs[0]);
        break;
      case JoinKind::kAnti:
        if (no_left) return nothing(plan->fields);
        if (no_right) return inputs[0];
        break;
      case JoinKind::kFull:
        if (no_left && no_right) return nothing(plan->fields);
        break;
    }
    return with_inputs(*plan, std::move(inputs));
  }

  static PlanPointer over_union(const PlanPointer& plan, std::vector<PlanPointer> inputs) {
    std::erase_if(inputs, is_nothing);
    if (inputs.size() == 1 && are_same_types(*inputs[0], *plan)) return inputs[0];
    UnionNode node;
    node.inputs = std::move(inputs);
    return make_plan(std::move(node), plan->fields);
  }

  const Manifest& manifest_;
  std::unordered_map<const Plan*, PlanPointer> done_;
};

}  // namespace

Plans drop_empty(const Plans& plans, const Manifest& manifest) {
  EmptyDropper dropper(manifest);
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(dropper.rewrite(plan));
  return made;
}

}  // namespace stave
