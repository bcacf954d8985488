// Which groups are in reach of a `top`; see the header.
#include "engine/aggregate/group_cut.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/aggregate/group_rows.h"

namespace stave {
namespace {

// A `top` of so many goes once over the groups.
constexpr std::uint64_t kFew = 32;

std::uint64_t ordered(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ std::uint64_t{1} << 63;
}

std::uint64_t ordered(double value) {
  if (std::isnan(value)) return ~std::uint64_t{0};
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0.0 becomes 0.0
  return bits >> 63 != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

UInt128 ordered(Int128 value) {
  return static_cast<UInt128>(value) ^ UInt128 { 1 } << 127;
}

// Of more than `count` keys the one in that place, by order.
template <typename Key>
Key key_in_place(std::vector<Key>& keys, std::uint64_t count) {
  if (count > kFew) {
    const auto last = keys.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(keys.begin(), last, keys.end());
    return *last;
  }
  // The least so far, the greatest of them on top.
  std::vector<Key> least(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count));
  std::make_heap(least.begin(), least.end());
  for (std::size_t i = count; i < keys.size(); ++i) {
    if (keys[i] >= least.front()) continue;
    std::pop_heap(least.begin(), least.end());
    least.back() = keys[i];
    std::push_heap(least.begin(), least.end());
  }
  return least.front();
}

template <typename T>
std::vector<std::uint32_t> in_reach(const GroupCut& cut, const Vector& values) {
  using Key = decltype(ordered(T{}));
  std::vector<Key> keys(values.size);
  const Key turned = cut.descending ? static_cast<Key>(~Key{0}) : Key{0};
  const auto key_at = [&](std::uint32_t row) {
    return static_cast<Key>(ordered(values.values<T>()[row]) ^ turned);
  };
  std::size_t known = 0;
  for_each_valid(values.validity, values.size,
                 [&](std::uint32_t row) { keys[known++] = key_at(row); });
  keys.resize(known);
  // Nulls come last: they are in reach only where there are too few values.
  const bool all_values = keys.size() <= cut.count;
  Key border = 0;
  if (!all_values) {
    border = key_in_place(keys, cut.count);
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < values.size; ++row) {
    if (all_values || (is_valid(values.validity, row) && key_at(row) <= border)) {
      rows.push_back(row);
    }
  }
  return rows;
}

// The expression with columns replaced by what computes them.
Expression over_columns(const Expression& expression, const std::vector<NamedExpression>& columns) {
  if (expression.kind == ExpressionKind::kColumn) {
    return columns[static_cast<std::size_t>(expression.column)].expression;
  }
  Expression result = expression;
  for (Expression& argument : result.arguments) argument = over_columns(argument, columns);
  return result;
}

// What was above projections, outermost first, as what is below them.
Expression below(Expression expression, const std::vector<const ProjectNode*>& projections) {
  for (const ProjectNode* projection : projections) {
    expression = over_columns(expression, projection->columns);
  }
  return expression;
}

int last_column(const Expression& expression) {
  int last = expression.kind == ExpressionKind::kColumn ? expression.column : -1;
  for (const Expression& argument : expression.arguments) {
    last = std::max(last, last_column(argument));
  }
  return last;
}

}  // namespace

std::optional<GroupCut> group_cut(const TopNode& top,
                                  const std::vector<const ProjectNode*>& projections,
                                  const AggregateNode& groups) {
  if (top.keys.empty() || top.count == 0) return std::nullopt;
  const Expression first = below(top.keys[0].expression, projections);
  const auto keys = static_cast<int>(groups.keys.size());
  if (first.kind != ExpressionKind::kColumn || first.column < keys) return std::nullopt;
  GroupCut cut;
  cut.call = static_cast<std::size_t>(first.column - keys);
  cut.descending = top.keys[0].descending;
  cut.count = top.count;
  for (const Expression& per : top.per) {
    const Expression over_keys = below(per, projections);
    if (last_column(over_keys) >= keys) return std::nullopt;
    cut.per.push_back(over_columns(over_keys, groups.keys));
  }
  return cut;
}

bool orders_all_groups(const TopNode& top, const std::vector<const ProjectNode*>& projections,
                       const AggregateNode& groups) {
  std::vector<bool> is_compared(groups.keys.size(), false);
  const auto note = [&](const Expression& expression) {
    const Expression over = below(expression, projections);
    if (over.kind != ExpressionKind::kColumn) return;
    const auto column = static_cast<std::size_t>(over.column);
    if (column < is_compared.size()) is_compared[column] = true;
  };
  for (const Expression& per : top.per) note(per);
  for (const SortKey& key : top.keys) note(key.expression);
  return std::all_of(is_compared.begin(), is_compared.end(), [](bool is) { return is; });
}

std::vector<std::uint32_t> rows_in_reach(const GroupCut& cut, const Vector& values) {
  switch (values.representation) {
    case Representation::kInt64:
      return in_reach<std::int64_t>(cut, values);
    case Representation::kInt128:
      return in_reach<Int128>(cut, values);
    case Representation::kFloat64:
      return in_reach<double>(cut, values);
    default:
      break;
  }
  std::vector<std::uint32_t> all(values.size);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace stave
