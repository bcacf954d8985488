// Which plans are sums of allocations by key: see allocated_sums.h.
#include <algorithm>

#include "engine/make_expression.h"
#include "engine/operators/allocated_sums.h"

namespace stave {
namespace {

// Looks through projections that nobody else reads. Gives the node below them, and leads columns
// of the top to columns of that node.
class Below {
 public:
  Below(const Plan& top, const std::function<bool(const Plan&)>& is_shared) : node_(&top) {
    while (const auto* project = std::get_if<ProjectNode>(&node_->node)) {
      if (is_shared(*node_)) {
        node_ = nullptr;
        return;
      }
      projections_.push_back(project);
      node_ = project->input.get();
    }
    if (is_shared(*node_)) node_ = nullptr;
  }

  // The node, where it is one of these; null otherwise.
  template <typename Node>
  const Node* as() const {
    return node_ == nullptr ? nullptr : std::get_if<Node>(&node_->node);
  }
  std::size_t width() const { return node_->fields.size(); }

  std::optional<std::size_t> column(const Expression& expression) const {
    const Expression* at = &expression;
    for (const ProjectNode* projection : projections_) {
      if (at->kind != ExpressionKind::kColumn) return std::nullopt;
      at = &projection->columns[static_cast<std::size_t>(at->column)].expression;
    }
    if (at->kind != ExpressionKind::kColumn) return std::nullopt;
    return static_cast<std::size_t>(at->column);
  }

 private:
  const Plan* node_;
  std::vector<const ProjectNode*> projections_;
};

// Leads columns of the window's input to keys or counts of the grouping, or right columns.
class Origins {
 public:
  Origins(const Below& over_join, const Below& over_counts, const JoinNode& join)
      : over_join_(over_join), over_counts_(over_counts), left_(join.left->fields) {}

  std::optional<AllocatedSums::Group> of(const Expression& expression) const {
    const auto column = over_join_.column(expression);
    if (!column) return std::nullopt;
    if (*column >= left_.size()) return AllocatedSums::Group{true, *column - left_.size()};
    const auto counted = over_counts_.column(column_expression(*column, expression.type));
    if (!counted) return std::nullopt;
    return AllocatedSums::Group{false, *counted};
  }

 private:
  const Below& over_join_;
  const Below& over_counts_;
  const std::vector<Field>& left_;
};

bool only_counts(const AggregateNode& node) {
  return node.aggregates.size() == 1 && node.aggregates[0].function == AggregateFunction::kCount &&
         node.keys.size() > 1;
}

bool finds_by_one_key(const JoinNode& node) {
  return node.kind == JoinKind::kInner && node.many && !node.residual &&
         node.left_keys.size() == 1 && !node.null_safe[0] &&
         node.right_keys[0].kind == ExpressionKind::kColumn;
}

// The columns of `per` that come from the right; nothing where it is not by the key, or by others.
std::optional<std::vector<std::size_t>> right_of_per(const WindowCall& call, const Origins& origins,
                                                     std::size_t key) {
  std::vector<std::size_t> right;
  bool is_by_key = false;
  for (const Expression& expression : call.per) {
    const auto origin = origins.of(expression);
    if (!origin || (!origin->is_right && origin->at != key)) return std::nullopt;
    if (origin->is_right) right.push_back(origin->at);
    is_by_key |= !origin->is_right;
  }
  if (!is_by_key) return std::nullopt;
  return right;
}

// The keys that break ties, in their order; nothing where these are not all but the one.
std::optional<std::vector<std::size_t>> order_of(const WindowCall& call, const Origins& origins,
                                                 std::size_t key, std::size_t keys) {
  std::vector<std::size_t> order;
  for (const SortKey& sort : call.sort) {
    if (order.size() + 1 == keys) break;  // the rest breaks no ties any more
    const auto origin = origins.of(sort.expression);
    if (!origin || sort.descending || origin->is_right || origin->at >= keys) return std::nullopt;
    if (origin->at != key && std::ranges::find(order, origin->at) == order.end()) {
      order.push_back(origin->at);
    }
  }
  if (order.size() + 1 != keys) return std::nullopt;
  return order;
}

}  // namespace

std::optional<AllocatedSums> find_allocated_sums(
    const AggregateNode& sums, const std::function<bool(const Plan&)>& is_shared) {
  if (sums.aggregates.size() != 1 || sums.aggregates[0].function != AggregateFunction::kSum) {
    return std::nullopt;
  }
  const Below over_window(*sums.input, is_shared);
  const auto* window = over_window.as<WindowNode>();
  if (window == nullptr || window->calls.size() != 1 ||
      window->calls[0].function != WindowFunction::kAllocate) {
    return std::nullopt;
  }
  const WindowCall& call = window->calls[0];
  const Below over_join(*window->input, is_shared);
  const auto* join = over_join.as<JoinNode>();
  if (join == nullptr || !finds_by_one_key(*join)) return std::nullopt;
  const Below over_counts(*join->left, is_shared);
  const auto* counts = over_counts.as<AggregateNode>();
  if (counts == nullptr || !only_counts(*counts)) return std::nullopt;

  const Origins origins(over_join, over_counts, *join);
  const std::size_t keys = counts->keys.size();
  AllocatedSums found;
  found.counts = counts;
  found.join = join;
  const auto key = over_counts.column(join->left_keys[0]);
  if (!key || *key >= keys) return std::nullopt;
  found.key = *key;
  const auto total = origins.of(call.arguments[0]);
  const auto weight = origins.of(call.arguments[1]);
  if (!total || !total->is_right || !weight || weight->is_right || weight->at != keys) {
    return std::nullopt;
  }
  found.total = total->at;
  auto per = right_of_per(call, origins, found.key);
  auto order = order_of(call, origins, found.key, keys);
  if (!per || !order) return std::nullopt;
  found.per = std::move(*per);
  found.others = std::move(*order);

  const auto summed = over_window.column(sums.aggregates[0].arguments[0]);
  if (summed != window->input->fields.size()) return std::nullopt;
  std::vector<bool> met(found.others.size(), false);
  for (const NamedExpression& group : sums.keys) {
    const auto column = over_window.column(group.expression);
    if (!column || *column >= window->input->fields.size()) return std::nullopt;
    const auto origin = origins.of(column_expression(*column, group.expression.type));
    if (!origin) return std::nullopt;
    if (origin->is_right) {
      found.groups.push_back(*origin);
      continue;
    }
    const auto place = std::ranges::find(found.others, origin->at);
    if (place == found.others.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(place - found.others.begin());
    if (met[at]) return std::nullopt;
    met[at] = true;
    found.groups.push_back({false, at});
  }
  if (std::ranges::find(met, false) != met.end()) return std::nullopt;
  return found;
}

}  // namespace stave
