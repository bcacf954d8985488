// Windows: functions over rows that stay, and the keys that make their order total.
#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"

namespace stave {
namespace {

bool contains_column(const std::vector<Expression>& list, int position) {
  return std::any_of(list.begin(), list.end(), [&](const Expression& expression) {
    return expression.kind == ExpressionKind::kColumn && expression.column == position;
  });
}

bool is_number(TypeKind kind) {
  return kind == TypeKind::kInt64 || kind == TypeKind::kDecimal || kind == TypeKind::kFloat64;
}

}  // namespace

void append_tie_breakers(const BoundRelation& input, const std::vector<Expression>& per,
                         std::vector<SortKey>& keys) {
  std::vector<Expression> settled = per;
  for (const SortKey& key : keys) settled.push_back(key.expression);
  if (input.is_unique && std::all_of(input.unique.begin(), input.unique.end(), [&](int position) {
        return contains_column(settled, position);
      })) {
    return;
  }
  for (const int position : input.visible()) {
    const ScopeColumn& column = input.columns[static_cast<std::size_t>(position)];
    if (contains_column(settled, position) || column.type.kind == TypeKind::kList) continue;
    keys.push_back({column_of(position, column.type), false});
  }
}

Typed ExpressionBinder::bind_window(const ExpressionSyntax& syntax, const FunctionEntry& entry) {
  if (windows_ == nullptr) {
    return fault("E303", syntax.span, "a window has no place here",
                 "name it with `derive` first, then use the name");
  }
  std::vector<WindowCall>* windows = windows_;
  AggregateScope* scope = aggregates_;
  windows_ = nullptr;  // no windows inside windows
  aggregates_ = nullptr;
  const auto restore = [&] {
    windows_ = windows;
    aggregates_ = scope;
  };
  WindowCall window;
  window.function =
      entry.group == FunctionGroup::kWindow ? entry.window : WindowFunction::kAggregate;
  bool poisoned = false;
  for (const ItemSyntax& item : syntax.over->per) {
    Typed key = bind(item.expression);
    poisoned = poisoned || key.poisoned;
    window.per.push_back(std::move(key.expression));
  }
  for (const KeySyntax& key : syntax.over->sort) {
    Typed bound = bind(key.expression);
    poisoned = poisoned || bound.poisoned;
    window.sort.push_back({std::move(bound.expression), key.descending});
  }
  if (entry.group == FunctionGroup::kAggregate) {
    auto aggregate = make_aggregate(syntax, entry);
    restore();
    if (!aggregate || poisoned) return poison(syntax.span);
    window.aggregate = aggregate->function;
    window.arguments = std::move(aggregate->arguments);
    window.parameter = std::move(aggregate->parameter);
    window.type = aggregate->type;
  } else {
    std::vector<Typed> arguments;
    const bool shifts =
        entry.window == WindowFunction::kLag || entry.window == WindowFunction::kLead;
    const std::size_t count = shifts ? 1 : syntax.children.size();
    for (std::size_t i = 0; i < count; ++i) {
      arguments.push_back(bind(syntax.children[i]));
      poisoned = poisoned || arguments.back().poisoned || arguments.back().duration.has_value();
    }
    std::int64_t offset = 1;
    if (shifts && syntax.children.size() > 1) {
      const auto value = constant(syntax.children[1], kInt64Type);
      poisoned = poisoned || !value || value->is_null();
      if (!poisoned) offset = std::get<std::int64_t>(value->data);
    }
    restore();
    if (poisoned) return poison(syntax.span);
    if (offset < 0 || offset > 1'000'000'000) {
      return fault("E213", syntax.children[1].span,
                   "how many rows to look back or ahead is not negative",
                   "use `lead` to look ahead and `lag` to look back");
    }
    const auto needs_numbers =
        entry.window == WindowFunction::kShare || entry.window == WindowFunction::kAllocate;
    for (std::size_t i = 0; needs_numbers && i < arguments.size(); ++i) {
      const TypeKind kind = arguments[i].type().kind;
      if (kind == TypeKind::kNull) {
        arguments[i] = coerce(std::move(arguments[i]), kInt64Type);
      } else if (!is_number(kind)) {
        return fault("E204", syntax.children[i].span,
                     fmt::format("`{}` needs a number, this is {}", entry.name,
                                 to_string(arguments[i].type())));
      } else if (entry.window == WindowFunction::kAllocate && kind == TypeKind::kFloat64) {
        return fault("E203", syntax.children[i].span, "`allocate` takes i64 and decimals, not f64",
                     "cast it: `x::decimal(18,6)`");
      }
    }
    const bool ordinal = entry.window == WindowFunction::kRowNumber ||
                         entry.window == WindowFunction::kRank ||
                         entry.window == WindowFunction::kDenseRank;
    window.type = ordinal                                  ? kInt64Type
                  : entry.window == WindowFunction::kShare ? kFloat64Type
                                                           : arguments[0].type();
    if (shifts) window.parameter = Value{kInt64Type, offset};
    for (Typed& argument : arguments) window.arguments.push_back(std::move(argument.expression));
  }
  window.has_frame = syntax.over->has_rows;
  window.frame_from = syntax.over->rows_from;
  window.frame_to = syntax.over->rows_to;
  // Ranks and running totals are about ties; shares are of whole partitions. All else depends on
  // the order of rows, so it is made total.
  const bool ties_matter = window.function == WindowFunction::kRank ||
                           window.function == WindowFunction::kDenseRank ||
                           window.function == WindowFunction::kShare ||
                           (window.function == WindowFunction::kAggregate && !window.has_frame);
  window.asked_keys = window.sort.size();
  if (!ties_matter) {
    append_tie_breakers(input_, window.per, window.sort);
  }
  const std::size_t index = windows->size();
  window.name = fmt::format("~w{}", index);
  Typed bound;
  bound.expression = column_of(static_cast<int>(input_.columns.size() + index), window.type);
  bound.span = syntax.span;
  windows->push_back(std::move(window));
  return bound;
}

}  // namespace stave
