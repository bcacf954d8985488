// Choosing how keys are obtained; see the header.
#include "engine/aggregate/key_plan.h"

#include <algorithm>

#include "engine/evaluate/compiler.h"
#include "engine/make_expression.h"

namespace stave {
namespace {

// `expression` in terms of the keys that are not derived themselves, or nothing.
std::optional<Expression> in_terms_of(const Expression& expression,
                                      const std::vector<NamedExpression>& keys,
                                      const std::vector<PlannedKey>& planned, std::size_t self,
                                      int& last_determinant) {
  for (std::size_t key = 0; key < keys.size(); ++key) {
    if (key == self || planned[key].source == KeySource::kDerived) continue;
    if (!(keys[key].expression == expression)) continue;
    last_determinant = std::max(last_determinant, static_cast<int>(key));
    return column_expression(key, expression.type);
  }
  if (expression.kind == ExpressionKind::kColumn) return std::nullopt;
  Expression result = expression;
  for (Expression& argument : result.arguments) {
    auto replaced = in_terms_of(argument, keys, planned, self, last_determinant);
    if (!replaced) return std::nullopt;
    argument = std::move(*replaced);
  }
  return result;
}

}  // namespace

std::vector<Expression> KeyPlan::row_expressions() const {
  std::vector<Expression> expressions;
  for (const PlannedKey& key : keys) {
    if (key.source == KeySource::kRow) expressions.push_back(key.expression);
  }
  return expressions;
}

std::vector<Expression> KeyPlan::scope_expressions() const {
  std::vector<Expression> expressions;
  for (const PlannedKey& key : keys) {
    if (key.source == KeySource::kScope) expressions.push_back(key.expression);
  }
  return expressions;
}

KeyPlan plan_keys(const std::vector<NamedExpression>& keys, const Pipeline& input,
                  std::optional<ScopeKind> scopes) {
  KeyPlan plan;
  plan.scopes = scopes;
  for (const NamedExpression& key : keys) {
    PlannedKey planned;
    planned.expression = key.expression;
    if (scopes) {
      if (auto constant = input.over_scope(key.expression, *scopes)) {
        planned.source = KeySource::kScope;
        planned.expression = std::move(*constant);
      }
    }
    plan.keys.push_back(std::move(planned));
  }
  // Keys that others are computed from stay keys of rows.
  std::vector<bool> is_determinant(keys.size(), false);
  for (std::size_t key = 0; key < keys.size(); ++key) {
    PlannedKey& planned = plan.keys[key];
    if (planned.source != KeySource::kRow || is_determinant[key]) continue;
    int last_determinant = -1;
    auto derived = in_terms_of(keys[key].expression, keys, plan.keys, key, last_determinant);
    if (!derived) continue;
    mark_columns(*derived, is_determinant);
    planned.source = KeySource::kDerived;
    planned.expression = std::move(*derived);
    planned.last_determinant = last_determinant;
  }
  return plan;
}

std::optional<ScopeKind> scopes_for(const std::vector<NamedExpression>& keys,
                                    const Pipeline& input) {
  if (!input.has_days()) return std::nullopt;
  // A function of the clustering value is not enough: two values may share its result, and their
  // scopes would then share a group.
  const bool by_cluster =
      input.has_clusters() && std::ranges::any_of(keys, [&](const NamedExpression& key) {
        return input.determines_cluster(key.expression);
      });
  const bool by_day = std::ranges::any_of(
      keys, [&](const NamedExpression& key) { return input.determines_day(key.expression); });
  if (by_day) return by_cluster ? ScopeKind::kDayAndCluster : ScopeKind::kDay;
  // All rows are of one day, which alone would be work for one thread only.
  const bool is_one_day = by_cluster && input.scopes(ScopeKind::kDay).size() == 1;
  return is_one_day ? std::optional(ScopeKind::kDayAndCluster) : std::nullopt;
}

}  // namespace stave
