// Two passes over the plan, which is a graph where `let` is used twice: from the root down, which
// columns each node must give; from the scans up, the same nodes with only these.
#include <algorithm>
#include <unordered_map>

#include "query/planning/keys_seen.h"
#include "query/planning/optimize.h"
#include "query/planning/plan_builder.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

// The positions to keep; never none, since rows need something to be rows of.
std::vector<std::size_t> kept(const Needed& needed) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) positions.push_back(i);
  }
  if (positions.empty() && !needed.empty()) positions.push_back(needed.size() - 1);
  return positions;
}

Expression relocate(Expression expression, const std::vector<int>& moved) {
  if (expression.kind == ExpressionKind::kColumn) {
    expression.column = moved[static_cast<std::size_t>(expression.column)];
  }
  for (Expression& argument : expression.arguments) {
    argument = relocate(std::move(argument), moved);
  }
  return expression;
}

void relocate_all(std::vector<Expression>& expressions, const std::vector<int>& moved) {
  for (Expression& expression : expressions) expression = relocate(std::move(expression), moved);
}
void relocate_all(std::vector<SortKey>& keys, const std::vector<int>& moved) {
  for (SortKey& key : keys) key.expression = relocate(std::move(key.expression), moved);
}
void relocate_all(std::vector<NamedExpression>& columns, const std::vector<int>& moved) {
  for (NamedExpression& column : columns) {
    column.expression = relocate(std::move(column.expression), moved);
  }
}

// A node after pruning: where the fields of the old one are now; -1 where they are gone.
struct Pruned {
  PlanPointer plan;
  std::vector<int> moved;
};

class ColumnPruner {
 public:
  Plans run(const Plans& roots) {
    for (const PlanPointer& root : roots) order(root);
    for (const PlanPointer& root : roots) {
      needed_[root.get()].assign(root->fields.size(), true);
    }
    for (auto at = post_order_.rbegin(); at != post_order_.rend(); ++at) ask(**at);
    for (const PlanPointer& plan : post_order_) pruned_[plan.get()] = prune(plan);
    Plans made;
    for (const PlanPointer& root : roots) {
      made.push_back(exactly(pruned_[root.get()], *root, needed_[root.get()]));
    }
    return made;
  }

 private:
  void order(const PlanPointer& plan) {
    if (!needed_.emplace(plan.get(), Needed(plan->fields.size(), false)).second) return;
    for (const PlanPointer& input : inputs_of(*plan)) order(input);
    post_order_.push_back(plan);
  }

  void ask_all(const PlanPointer& input, const Expression& expression, int offset = 0) {
    Needed& needed = needed_[input.get()];
    for_each_column(expression, [&](int column) {
      const int at = column - offset;
      if (at >= 0 && static_cast<std::size_t>(at) < needed.size()) {
        needed[static_cast<std::size_t>(at)] = true;
      }
    });
  }
  void ask_same(const PlanPointer& input, const Needed& mine, std::size_t offset = 0) {
    Needed& needed = needed_[input.get()];
    for (std::size_t i = 0; i < needed.size() && i + offset < mine.size(); ++i) {
      if (mine[i + offset]) needed[i] = true;
    }
  }

  // What this node needs of its inputs, given what is needed of it.
  void ask(const Plan& plan) {
    const Needed mine = needed_[&plan];
    if (const auto* filter_node = std::get_if<FilterNode>(&plan.node)) {
      ask_same(filter_node->input, mine);
      ask_all(filter_node->input, filter_node->predicate);
    } else if (const auto* project_node = std::get_if<ProjectNode>(&plan.node)) {
      for (const std::size_t i : kept(mine)) {
        ask_all(project_node->input, project_node->columns[i].expression);
      }
    } else if (const auto* aggregate = std::get_if<AggregateNode>(&plan.node)) {
      for (const NamedExpression& key : aggregate->keys) ask_all(aggregate->input, key.expression);
      for (std::size_t i = 0; i < aggregate->aggregates.size(); ++i) {
        if (!mine[aggregate->keys.size() + i]) continue;
        for (const Expression& argument : aggregate->aggregates[i].arguments) {
          ask_all(aggregate->input, argument);
        }
      }
    } else if (const auto* sort = std::get_if<SortNode>(&plan.node)) {
      ask_same(sort->input, mine);
      for (const SortKey& key : sort->keys) ask_all(sort->input, key.expression);
    } else if (const auto* limit = std::get_if<LimitNode>(&plan.node)) {
      ask_same(limit->input, mine);
    } else if (const auto* top = std::get_if<TopNode>(&plan.node)) {
      ask_same(top->input, mine);
      const std::size_t keys = keys_seen(*top, mine);
      for (std::size_t i = 0; i < keys; ++i) ask_all(top->input, top->keys[i].expression);
      for (const Expression& per : top->per) ask_all(top->input, per);
    } else if (const auto* join = std::get_if<JoinNode>(&plan.node)) {
      const auto left_width = static_cast<int>(join->left->fields.size());
      ask_same(join->left, mine);
      ask_same(join->right, mine, static_cast<std::size_t>(left_width));
      for (const Expression& key : join->left_keys) ask_all(join->left, key);
      for (const Expression& key : join->right_keys) ask_all(join->right, key);
      if (join->residual) {
        ask_all(join->left, *join->residual);
        ask_all(join->right, *join->residual, left_width);
      }
    } else if (const auto* unite = std::get_if<UnionNode>(&plan.node)) {
      // Where none is needed, all inputs must keep the same one.
      Needed asked = mine;
      for (const std::size_t i : kept(mine)) asked[i] = true;
      for (const PlanPointer& input : unite->inputs) ask_same(input, asked);
    } else if (const auto* window = std::get_if<WindowNode>(&plan.node)) {
      ask_same(window->input, mine);
      for (std::size_t i = 0; i < window->calls.size(); ++i) {
        if (mine[window->input->fields.size() + i]) ask_window(*window, i, mine);
      }
    } else if (const auto* expand = std::get_if<ExpandNode>(&plan.node)) {
      ask_same(expand->input, mine);
      ask_all(expand->input, expand->list.expression);
    } else if (const auto* expect = std::get_if<ExpectNode>(&plan.node)) {
      ask_same(expect->input, mine);
      ask_all(expect->input, expect->condition);
    }
  }

  void ask_window(const WindowNode& node, std::size_t call, const Needed& mine) {
    const WindowCall& window = node.calls[call];
    for (const Expression& argument : window.arguments) ask_all(node.input, argument);
    for (const Expression& per : window.per) ask_all(node.input, per);
    const std::size_t keys = keys_seen(node, call, mine);
    for (std::size_t i = 0; i < keys; ++i) ask_all(node.input, window.sort[i].expression);
  }

  // The pruned node giving just the kept columns of the old one, in their order.
  static PlanPointer exactly(const Pruned& pruned, const Plan& old, const Needed& needed) {
    std::vector<NamedExpression> columns;
    for (const std::size_t i : kept(needed)) {
      columns.push_back({old.fields[i].name, column_of(pruned.moved[i], old.fields[i].type)});
    }
    return project(pruned.plan, std::move(columns));
  }

  Pruned prune(const PlanPointer& plan);
  static Pruned prune_scan(const PlanPointer& plan, const ScanNode& node, Needed mine);
  Pruned prune_project(const PlanPointer& plan, ProjectNode node, const Needed& mine);
  Pruned prune_aggregate(const PlanPointer& plan, AggregateNode node, const Needed& mine);
  Pruned prune_join(JoinNode node);
  Pruned prune_union(const PlanPointer& plan, UnionNode node, const Needed& mine);
  Pruned prune_window(WindowNode node, const Needed& mine);
  Pruned prune_expand(ExpandNode node);
  // Nodes that give the fields of their input.
  template <typename Node, typename Change>
  Pruned prune_passing(Node node, Change change) {
    const Pruned& input = pruned_[node.input.get()];
    change(node, input.moved);
    node.input = input.plan;
    std::vector<Field> fields = input.plan->fields;
    return {make_plan(std::move(node), std::move(fields)), input.moved};
  }

  std::unordered_map<const Plan*, Needed> needed_;
  std::unordered_map<const Plan*, Pruned> pruned_;
  std::vector<PlanPointer> post_order_;
};

Pruned ColumnPruner::prune_scan(const PlanPointer& plan, const ScanNode& node, Needed mine) {
  if (node.predicate) {
    for_each_column(*node.predicate,
                    [&](int column) { mine[static_cast<std::size_t>(column)] = true; });
  }
  ScanNode scan = node;
  scan.columns.clear();
  std::vector<Field> fields;
  std::vector<int> moved(mine.size(), -1);
  for (const std::size_t i : kept(mine)) {
    moved[i] = static_cast<int>(scan.columns.size());
    scan.columns.push_back(node.columns[i]);
    fields.push_back(plan->fields[i]);
  }
  if (scan.predicate) scan.predicate = relocate(std::move(*scan.predicate), moved);
  return {make_plan(std::move(scan), std::move(fields)), std::move(moved)};
}

Pruned ColumnPruner::prune_project(const PlanPointer& plan, ProjectNode node, const Needed& mine) {
  const Pruned& input = pruned_[node.input.get()];
  std::vector<NamedExpression> columns;
  std::vector<int> moved(mine.size(), -1);
  for (const std::size_t i : kept(mine)) {
    moved[i] = static_cast<int>(columns.size());
    columns.push_back(std::move(node.columns[i]));
  }
  relocate_all(columns, input.moved);
  std::vector<Field> fields;
  for (const std::size_t i : kept(mine)) fields.push_back(plan->fields[i]);
  PlanPointer made = project(input.plan, std::move(columns));
  return {std::move(made), std::move(moved)};
}

Pruned ColumnPruner::prune_aggregate(const PlanPointer& plan, AggregateNode node,
                                     const Needed& mine) {
  const Pruned& input = pruned_[node.input.get()];
  const std::size_t keys = node.keys.size();
  std::vector<AggregateCall> calls;
  std::vector<Field> fields(plan->fields.begin(),
                            plan->fields.begin() + static_cast<std::ptrdiff_t>(keys));
  std::vector<int> moved(mine.size(), -1);
  for (std::size_t i = 0; i < keys; ++i) moved[i] = static_cast<int>(i);
  for (std::size_t i = 0; i < node.aggregates.size(); ++i) {
    const bool only_one = keys == 0 && calls.empty() && i + 1 == node.aggregates.size();
    if (!mine[keys + i] && !only_one) continue;
    moved[keys + i] = static_cast<int>(keys + calls.size());
    fields.push_back(plan->fields[keys + i]);
    calls.push_back(std::move(node.aggregates[i]));
  }
  for (AggregateCall& one : calls) relocate_all(one.arguments, input.moved);
  relocate_all(node.keys, input.moved);
  node.aggregates = std::move(calls);
  node.input = input.plan;
  return {make_plan(std::move(node), std::move(fields)), std::move(moved)};
}

Pruned ColumnPruner::prune_join(JoinNode node) {
  const Pruned& left = pruned_[node.left.get()];
  const Pruned& right = pruned_[node.right.get()];
  relocate_all(node.left_keys, left.moved);
  relocate_all(node.right_keys, right.moved);
  const auto left_width = static_cast<int>(left.plan->fields.size());
  std::vector<int> both = left.moved;
  for (const int at : right.moved) both.push_back(at < 0 ? -1 : at + left_width);
  if (node.residual) node.residual = relocate(std::move(*node.residual), both);
  node.left = left.plan;
  node.right = right.plan;
  std::vector<Field> fields = left.plan->fields;
  if (node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti) {
    return {make_plan(std::move(node), std::move(fields)), left.moved};
  }
  fields.insert(fields.end(), right.plan->fields.begin(), right.plan->fields.end());
  return {make_plan(std::move(node), std::move(fields)), std::move(both)};
}

Pruned ColumnPruner::prune_union(const PlanPointer& plan, UnionNode node, const Needed& mine) {
  for (PlanPointer& input : node.inputs) {
    input = exactly(pruned_[input.get()], *input, mine);
  }
  std::vector<Field> fields;
  std::vector<int> moved(mine.size(), -1);
  for (const std::size_t i : kept(mine)) {
    moved[i] = static_cast<int>(fields.size());
    fields.push_back(plan->fields[i]);
  }
  return {make_plan(std::move(node), std::move(fields)), std::move(moved)};
}

Pruned ColumnPruner::prune_window(WindowNode node, const Needed& mine) {
  const Pruned& input = pruned_[node.input.get()];
  const std::size_t width = node.input->fields.size();
  std::vector<WindowCall> calls;
  std::vector<Field> fields = input.plan->fields;
  std::vector<int> moved = input.moved;
  for (std::size_t i = 0; i < node.calls.size(); ++i) {
    WindowCall& window = node.calls[i];
    moved.push_back(mine[width + i] ? static_cast<int>(fields.size()) : -1);
    if (!mine[width + i]) continue;
    window.sort.resize(keys_seen(node, i, mine));
    relocate_all(window.arguments, input.moved);
    relocate_all(window.per, input.moved);
    relocate_all(window.sort, input.moved);
    fields.push_back({window.name, window.type});
    calls.push_back(std::move(window));
  }
  if (calls.empty()) return {input.plan, std::move(moved)};
  node.calls = std::move(calls);
  node.input = input.plan;
  return {make_plan(std::move(node), std::move(fields)), std::move(moved)};
}

Pruned ColumnPruner::prune_expand(ExpandNode node) {
  const Pruned& input = pruned_[node.input.get()];
  node.list.expression = relocate(std::move(node.list.expression), input.moved);
  std::vector<int> moved = input.moved;
  std::vector<Field> fields = input.plan->fields;
  moved.push_back(static_cast<int>(fields.size()));
  fields.push_back({node.list.name, kStringType});
  node.input = input.plan;
  return {make_plan(std::move(node), std::move(fields)), std::move(moved)};
}

Pruned ColumnPruner::prune(const PlanPointer& plan) {
  const Needed& mine = needed_[plan.get()];
  struct Visitor {
    ColumnPruner& pruner;
    const PlanPointer& plan;
    const Needed& mine;
    Pruned operator()(const ScanNode& node) { return prune_scan(plan, node, mine); }
    Pruned operator()(const ProjectNode& node) { return pruner.prune_project(plan, node, mine); }
    Pruned operator()(const AggregateNode& node) {
      return pruner.prune_aggregate(plan, node, mine);
    }
    Pruned operator()(const JoinNode& node) { return pruner.prune_join(node); }
    Pruned operator()(const UnionNode& node) { return pruner.prune_union(plan, node, mine); }
    Pruned operator()(const WindowNode& node) { return pruner.prune_window(node, mine); }
    Pruned operator()(const ExpandNode& node) { return pruner.prune_expand(node); }
    Pruned operator()(const LimitNode& node) {
      return pruner.prune_passing(node, [](LimitNode&, const std::vector<int>&) {});
    }
    Pruned operator()(const FilterNode& node) {
      return pruner.prune_passing(node, [](FilterNode& filter_node, const std::vector<int>& moved) {
        filter_node.predicate = relocate(std::move(filter_node.predicate), moved);
      });
    }
    Pruned operator()(const SortNode& node) {
      return pruner.prune_passing(node, [](SortNode& sort, const std::vector<int>& moved) {
        relocate_all(sort.keys, moved);
      });
    }
    Pruned operator()(const TopNode& node) {
      return pruner.prune_passing(node, [this](TopNode& top, const std::vector<int>& moved) {
        top.keys.resize(keys_seen(top, mine));
        relocate_all(top.keys, moved);
        relocate_all(top.per, moved);
      });
    }
    Pruned operator()(const ExpectNode& node) {
      return pruner.prune_passing(node, [](ExpectNode& expect, const std::vector<int>& moved) {
        expect.condition = relocate(std::move(expect.condition), moved);
      });
    }
  };
  return std::visit(Visitor{*this, plan, mine}, plan->node);
}

}  // namespace

Plans prune_columns(const Plans& plans) {
  return ColumnPruner().run(plans);
}

Plans optimize(Plans plans, const Manifest& manifest) {
  plans = drop_unseen_sorts(push_filters(drop_empty(plans, manifest)));
  return name_calls(prune_columns(cut_sorts(merge_equal(plans))));
}

PlanPointer optimize(const PlanPointer& plan, const Manifest& manifest) {
  return optimize(Plans{plan}, manifest).front();
}

}  // namespace stave
