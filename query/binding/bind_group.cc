// summarize, distinct, top, expand: stages that change which rows there are.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/pipeline_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {
namespace {

// Rewrites an expression over the input as one over those keys that are grouped by, the `used` ones
// noted; false where it needs something else.
bool rewrite(Expression& expression, const std::vector<NamedExpression>& keys,
             const std::vector<int>& position, std::size_t self, std::vector<std::size_t>& used) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i != self && position[i] >= 0 && keys[i].expression == expression) {
      used.push_back(i);
      expression = column_of(position[i], expression.type);
      return true;
    }
  }
  if (expression.kind == ExpressionKind::kColumn) return false;
  return std::all_of(
      expression.arguments.begin(), expression.arguments.end(),
      [&](Expression& argument) { return rewrite(argument, keys, position, self, used); });
}

// Which keys to group by: a key that others determine, such as `track.track_name` beside
// `track_id`, is computed once for each group instead.
struct Grouping {
  std::vector<NamedExpression> keys;     // grouped by
  std::vector<NamedExpression> columns;  // every key as written, over the grouped ones
  bool keeps_order = true;               // by the grouped keys is by the written ones
};

Grouping determining_keys(const std::vector<NamedExpression>& written) {
  std::vector<int> position(written.size(), 0);
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i].expression.kind == ExpressionKind::kColumn) continue;
    std::vector<std::size_t> used;
    Expression copy = written[i].expression;
    if (rewrite(copy, written, position, i, used) && !used.empty()) position[i] = -1;
  }
  Grouping grouping;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (position[i] < 0) continue;
    position[i] = static_cast<int>(grouping.keys.size());
    grouping.keys.push_back(written[i]);
  }
  for (std::size_t i = 0; i < written.size(); ++i) {
    Expression column = written[i].expression;
    std::vector<std::size_t> used;
    if (position[i] >= 0) {
      column = column_of(position[i], column.type);
    } else {
      rewrite(column, written, position, i, used);
    }
    grouping.keeps_order =
        grouping.keeps_order &&
        std::all_of(used.begin(), used.end(), [&](std::size_t j) { return j < i; });
    grouping.columns.push_back({written[i].name, std::move(column)});
  }
  return grouping;
}

}  // namespace

// `results` are over the written keys, then the calls.
void PipelineBinder::group(std::vector<Made> keys, AggregateScope scope, std::vector<Made> results,
                           const char* stage_name) {
  Grouping grouping = determining_keys(scope.keys);
  std::vector<Field> fields;
  for (const NamedExpression& key : grouping.keys)
    fields.push_back({key.name, key.expression.type});
  for (const AggregateCall& one : scope.calls) fields.push_back({one.name, one.type});
  std::vector<NamedExpression> columns = std::move(grouping.columns);
  for (std::size_t i = 0; i < scope.calls.size(); ++i) {
    columns.push_back({scope.calls[i].name,
                       column_of(static_cast<int>(grouping.keys.size() + i), scope.calls[i].type)});
  }
  relation_.plan =
      make_plan(AggregateNode{relation_.plan, std::move(grouping.keys), std::move(scope.calls)},
                std::move(fields));
  relation_.plan = project(relation_.plan, std::move(columns));
  if (!grouping.keeps_order) {
    std::vector<SortKey> order;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      order.push_back({column_of(static_cast<int>(i), keys[i].value.type()), false});
    }
    relation_.plan = make_plan(SortNode{relation_.plan, std::move(order)},
                               std::vector<Field>(relation_.plan->fields));
  }
  std::vector<NamedExpression> output;
  const std::vector<ScopeColumn> before = std::move(relation_.columns);
  relation_.columns.clear();
  relation_.unique.clear();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Made& key = keys[i];
    ScopeColumn column{key.name, key.value.type(), key.value.origin};
    column.poisoned = key.value.poisoned;
    output.push_back({key.name, column_of(static_cast<int>(i), key.value.type())});
    relation_.columns.push_back(std::move(column));
    relation_.unique.push_back(static_cast<int>(i));
  }
  for (Made& result : results) {
    ScopeColumn column{result.name, result.value.type()};
    column.poisoned = result.value.poisoned;
    relation_.columns.push_back(std::move(column));
    output.push_back({result.name, std::move(result.value.expression)});
  }
  relation_.plan = project(relation_.plan, std::move(output));
  relation_.is_unique = true;
  relation_.is_total_order = true;
  lose(before, stage_name);
}

void PipelineBinder::summarize(const SummarizeSyntax& syntax) {
  std::vector<WindowCall> windows;
  std::vector<Made> keys = bind_items(syntax.by, &windows);
  AggregateScope scope;
  for (const Made& key : keys) scope.keys.push_back({key.name, key.value.expression});
  std::vector<Made> results;
  for (const SummarizeSyntax::Part& part : syntax.parts) {
    ExpressionBinder binder(context_, relation_);
    binder.allow_windows(&windows);
    binder.allow_aggregates(&scope);
    Typed value;
    if (part.expression) {
      value = binder.bind(*part.expression);
      if (value.duration && !value.poisoned) {
        context_.diagnostics.add(lone_duration(part.expression->span));
        value.poisoned = true;
      }
    } else if (context_.metrics.count(part.name.text) > 0) {
      ExpressionSyntax path;
      path.kind = SyntaxKind::kCall;
      path.span = part.name.span;
      path.text = part.name.text;
      value = binder.bind(path);
    } else {
      std::vector<std::string> names;
      for (const auto& [name, metric] : context_.metrics) names.push_back(name);
      std::string hint = did_you_mean(part.name.text, names);
      if (hint.empty()) {
        hint = fmt::format("write `{} = count()` or declare the metric", part.name.text);
      }
      context_.diagnostics.add({"E108", part.name.span,
                                fmt::format("no metric `{}`", part.name.text), hint,
                                std::move(names)});
      value.poisoned = true;
      value.expression = null_literal(kNullType);
    }
    const auto taken = [&](const Made& other) { return other.name == part.name.text; };
    if (std::any_of(keys.begin(), keys.end(), taken) ||
        std::any_of(results.begin(), results.end(), taken)) {
      context_.diagnostics.add({"E106", part.name.span,
                                fmt::format("two columns are called `{}`", part.name.text),
                                "give one another name"});
      continue;
    }
    results.push_back({part.name.text, std::move(value)});
  }
  if (keys.empty() && results.empty()) {
    context_.diagnostics.add(
        {"E311", word_, "`summarize` makes no column", "e.g. `summarize plays = count() by day`"});
    return;
  }
  add_windows(std::move(windows));
  group(std::move(keys), std::move(scope), std::move(results), "summarize");
}

void PipelineBinder::distinct(const DistinctSyntax& syntax) {
  std::vector<WindowCall> windows;
  std::vector<Made> keys = bind_items(syntax.items, &windows);
  if (syntax.items.empty()) {
    const ExpressionBinder binder(context_, relation_);
    for (const int position : relation_.visible()) {
      keys.push_back(
          {relation_.columns[static_cast<std::size_t>(position)].name, binder.column(position)});
    }
  }
  AggregateScope scope;
  for (const Made& key : keys) scope.keys.push_back({key.name, key.value.expression});
  add_windows(std::move(windows));
  if (!scope.keys.empty()) group(std::move(keys), std::move(scope), {}, "distinct");
}

void PipelineBinder::top(const TopSyntax& syntax) {
  const auto count = number(syntax.count, "top");
  TopNode node;
  node.with_ties = syntax.with_ties;
  bool poisoned = !count;
  std::vector<Expression> per;
  for (const ItemSyntax& item : syntax.per) {
    Typed bound = ExpressionBinder(context_, relation_).bind(item.expression);
    poisoned = poisoned || bound.poisoned;
    per.push_back(std::move(bound.expression));
  }
  for (const KeySyntax& key : syntax.keys) {
    Typed bound = ExpressionBinder(context_, relation_).bind(key.expression);
    if (!bound.poisoned && (bound.duration || bound.type().kind == TypeKind::kList)) {
      context_.diagnostics.add({"E204", key.expression.span, "lists and durations have no order"});
      bound.poisoned = true;
    }
    poisoned = poisoned || bound.poisoned;
    node.keys.push_back({std::move(bound.expression), key.descending});
  }
  if (poisoned) return;
  if (!node.with_ties) append_tie_breakers(relation_, per, node.keys);
  node.count = *count;
  node.per = std::move(per);
  node.input = relation_.plan;
  relation_.is_total_order = !node.with_ties;
  relation_.plan = make_plan(std::move(node), std::vector<Field>(relation_.plan->fields));
}

void PipelineBinder::expand(const ExpandSyntax& syntax) {
  const std::string& name = syntax.assign.name.text;
  Typed list = ExpressionBinder(context_, relation_).bind(syntax.assign.expression);
  if (!list.poisoned && list.type().kind == TypeKind::kNull)
    list.expression = null_literal(kListType);
  if (!list.poisoned && (list.duration || list.type().kind != TypeKind::kList)) {
    context_.diagnostics.add(
        {"E204", syntax.assign.expression.span,
         fmt::format("`expand` needs a list, this is {}", to_string(list.type())),
         "e.g. `split(artists, \";\")`"});
    list.poisoned = true;
  }
  const auto width = static_cast<int>(relation_.columns.size());
  Made part{name, {}};
  part.value.expression = null_literal(kStringType);
  part.value.poisoned = list.poisoned;
  if (!list.poisoned) {
    std::vector<Field> fields = relation_.plan->fields;
    fields.push_back({"~part", kStringType});
    relation_.plan = make_plan(ExpandNode{relation_.plan, {"~part", std::move(list.expression)}},
                               std::move(fields));
    part.value.expression = column_of(width, kStringType);
  }
  relation_.is_unique = false;
  relation_.unique.clear();
  relation_.is_total_order = false;
  std::vector<Made> columns;
  columns.push_back(std::move(part));
  add_columns(std::move(columns));
}

}  // namespace stave
