// where, derive, select, drop, rename, sort, take, expect: one row in, at most one row out.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/pipeline_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {
namespace {

// Does the expression use one of the names?
bool mentions(const ExpressionSyntax& syntax, const std::vector<std::string>& names) {
  for (const NameSyntax& part : syntax.path) {
    if (std::find(names.begin(), names.end(), part.text) != names.end()) return true;
  }
  const auto in = [&](const auto& item) { return mentions(item.expression, names); };
  if (syntax.over && (std::any_of(syntax.over->per.begin(), syntax.over->per.end(), in) ||
                      std::any_of(syntax.over->sort.begin(), syntax.over->sort.end(), in))) {
    return true;
  }
  // Ties of a window are broken by every column, the new ones too.
  if (syntax.over && !names.empty()) return true;
  return std::any_of(syntax.children.begin(), syntax.children.end(),
                     [&](const ExpressionSyntax& child) { return mentions(child, names); });
}

}  // namespace

void PipelineBinder::where(const WhereSyntax& syntax) {
  std::vector<WindowCall> windows;
  ExpressionBinder binder(context_, relation_);
  binder.allow_windows(&windows);
  Expression condition = binder.condition(syntax.condition, "where");
  if (windows.empty()) {
    relation_.plan = filter(relation_.plan, std::move(condition));
    return;
  }
  add_windows(std::move(windows));
  relation_.plan = filter(relation_.plan, std::move(condition));
  std::vector<NamedExpression> kept;
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    kept.push_back(
        {relation_.columns[i].name, column_of(static_cast<int>(i), relation_.columns[i].type)});
  }
  relation_.plan = project(relation_.plan, std::move(kept));
}

// New columns beside the old ones; one of the same name takes the old one's place.
void PipelineBinder::add_columns(std::vector<Made> columns) {
  std::vector<NamedExpression> all;
  std::vector<ScopeColumn> scope;
  std::vector<int> moved(relation_.columns.size(), -1);
  std::vector<bool> used(columns.size(), false);
  const auto take_made = [&](std::size_t index) {
    Made& made = columns[index];
    ScopeColumn column{made.name, made.value.type(), made.value.origin};
    column.poisoned = made.value.poisoned;
    all.push_back({made.name, std::move(made.value.expression)});
    used[index] = true;
    return column;
  };
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    ScopeColumn& old = relation_.columns[i];
    const auto replaced = std::find_if(columns.begin(), columns.end(),
                                       [&](const Made& made) { return made.name == old.name; });
    if (replaced == columns.end()) {
      moved[i] = static_cast<int>(scope.size());
      all.push_back({old.name, column_of(static_cast<int>(i), old.type)});
      scope.push_back(std::move(old));
    } else if (!old.hidden) {
      scope.push_back(take_made(static_cast<std::size_t>(replaced - columns.begin())));
      scope.back().qualified = old.qualified;
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!used[i]) scope.push_back(take_made(i));
  }
  relation_.plan = project(relation_.plan, std::move(all));
  relation_.columns = std::move(scope);
  for (int& position : relation_.unique) {
    position = moved[static_cast<std::size_t>(position)];
    if (position < 0) relation_.is_unique = false;
  }
  if (!relation_.is_unique) relation_.unique.clear();
}

void PipelineBinder::derive(const DeriveSyntax& syntax) {
  std::vector<Made> pending;
  std::vector<std::string> pending_names;
  std::vector<WindowCall> windows;
  const auto flush = [&] {
    add_windows(std::move(windows));
    add_columns(std::move(pending));
    pending.clear();
    pending_names.clear();
    windows.clear();
  };
  for (const AssignSyntax& assign : syntax.assigns) {
    const bool again = std::find(pending_names.begin(), pending_names.end(), assign.name.text) !=
                       pending_names.end();
    if (again || mentions(assign.expression, pending_names)) {
      if (!has_room()) return;
      flush();
    }
    ExpressionBinder binder(context_, relation_);
    binder.allow_windows(&windows);
    Typed value = binder.bind(assign.expression);
    if (value.duration && !value.poisoned) {
      context_.diagnostics.add(lone_duration(assign.expression.span));
      value.poisoned = true;
    }
    pending.push_back({assign.name.text, std::move(value)});
    pending_names.push_back(assign.name.text);
  }
  flush();
}

void PipelineBinder::select(const SelectSyntax& syntax) {
  std::vector<WindowCall> windows;
  std::vector<Made> columns = bind_items(syntax.items, &windows);
  add_windows(std::move(windows));
  become(std::move(columns), "select");
}

void PipelineBinder::drop(const DropSyntax& syntax) {
  std::vector<bool> dropped(relation_.columns.size(), false);
  for (const NameSyntax& name : syntax.names) {
    const int position = relation_.find(name.text);
    if (position >= 0) {
      dropped[static_cast<std::size_t>(position)] = true;
      continue;
    }
    ExpressionSyntax path;
    path.kind = SyntaxKind::kPath;
    path.span = name.span;
    path.path.push_back(name);
    path.path.back().quoted = true;  // metrics are no columns
    ExpressionBinder(context_, relation_).bind(path);
  }
  std::vector<Made> columns;
  const ExpressionBinder binder(context_, relation_);
  std::vector<bool> hidden;
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    if (dropped[i]) continue;
    columns.push_back({relation_.columns[i].name, binder.column(static_cast<int>(i)), true});
    hidden.push_back(relation_.columns[i].hidden);
  }
  if (std::find(hidden.begin(), hidden.end(), false) == hidden.end() && !relation_.broken) {
    context_.diagnostics.add({"E311", word_, "no column would be left", "keep at least one"});
    return;
  }
  become(std::move(columns), "drop");
  for (std::size_t i = 0; i < hidden.size(); ++i) relation_.columns[i].hidden = hidden[i];
}

void PipelineBinder::rename(const RenameSyntax& syntax) {
  std::vector<ScopeColumn> columns = relation_.columns;
  for (const RenameSyntax::Pair& pair : syntax.pairs) {
    const int position = relation_.find(pair.from.text);
    if (position < 0) {
      ExpressionSyntax path;
      path.kind = SyntaxKind::kPath;
      path.span = pair.from.span;
      path.path.push_back(pair.from);
      path.path.back().quoted = true;
      ExpressionBinder(context_, relation_).bind(path);
      continue;
    }
    columns[static_cast<std::size_t>(position)].name = pair.to.text;
    columns[static_cast<std::size_t>(position)].hidden = false;
  }
  for (const RenameSyntax::Pair& pair : syntax.pairs) {
    const auto same = std::count_if(columns.begin(), columns.end(), [&](const ScopeColumn& column) {
      return column.name == pair.to.text;
    });
    if (same > 1) {
      context_.diagnostics.add({"E106", pair.to.span,
                                fmt::format("two columns would be called `{}`", pair.to.text),
                                "`drop` the other one first"});
      return;
    }
  }
  const std::vector<ScopeColumn> before = std::move(relation_.columns);
  relation_.columns = std::move(columns);
  std::vector<NamedExpression> renamed;
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    renamed.push_back(
        {relation_.columns[i].name, column_of(static_cast<int>(i), relation_.columns[i].type)});
  }
  relation_.plan = project(relation_.plan, std::move(renamed));
  lose(before, "rename");
}

void PipelineBinder::sort(const SortSyntax& syntax) {
  std::vector<SortKey> keys;
  std::vector<int> columns;
  for (const KeySyntax& key : syntax.keys) {
    ExpressionBinder binder(context_, relation_);
    Typed bound = binder.bind(key.expression);
    if (bound.poisoned) continue;
    if (bound.duration || bound.type().kind == TypeKind::kList) {
      context_.diagnostics.add({"E204", key.expression.span, "lists and durations have no order"});
      continue;
    }
    if (bound.expression.kind == ExpressionKind::kColumn)
      columns.push_back(bound.expression.column);
    keys.push_back({std::move(bound.expression), key.descending});
  }
  const auto sorted = [&](int position) {
    return std::find(columns.begin(), columns.end(), position) != columns.end();
  };
  const std::vector<int> visible = relation_.visible();
  relation_.is_total_order = (relation_.is_unique && std::all_of(relation_.unique.begin(),
                                                                 relation_.unique.end(), sorted)) ||
                             std::all_of(visible.begin(), visible.end(), sorted);
  relation_.plan = make_plan(SortNode{relation_.plan, std::move(keys)},
                             std::vector<Field>(relation_.plan->fields));
}

void PipelineBinder::take(const TakeSyntax& syntax) {
  const auto count = number(syntax.count, "take");
  const auto offset = syntax.offset ? number(*syntax.offset, "offset") : std::uint64_t{0};
  if (!count || !offset) return;
  if (!relation_.is_total_order && !relation_.broken) {
    context_.warnings.push_back(fmt::format(
        "{}:{}: `take` without a total order: which rows come may change when the store "
        "is compacted. Sort by columns that tell all rows apart first, or use `top`.",
        context_.diagnostics.source().origin(), line()));
  }
  relation_.plan = make_plan(LimitNode{relation_.plan, *count, *offset},
                             std::vector<Field>(relation_.plan->fields));
}

void PipelineBinder::expect(const ExpectSyntax& syntax) {
  ExpressionBinder binder(context_, relation_);
  Expression condition = binder.condition(syntax.condition, "expect");
  if (is_bool_literal(condition, true)) return;  // as of parameters that are as they should be
  std::string message = syntax.message.value_or(fmt::format(
      "Expectation failed: {} ({}:{})", context_.diagnostics.source().slice(syntax.condition.span),
      context_.diagnostics.source().origin(), line()));
  relation_.plan = make_plan(ExpectNode{relation_.plan, std::move(condition), std::move(message)},
                             std::vector<Field>(relation_.plan->fields));
}

}  // namespace stave
