// See keys_seen.h.
#include "query/planning/keys_seen.h"

#include <algorithm>
#include <utility>

#include "query/planning/plan_walk.h"

namespace stave {
namespace {

// How many of the keys tell rows apart of which these columns are looked at, `fewest` at least:
// rows that tie on those and on `per` look the same. Not by f64, of which the two zeros tie.
std::size_t keys_seen(const std::vector<Expression>& per, const std::vector<SortKey>& sort,
                      std::size_t fewest, Needed unseen) {
  const auto see = [&](const Expression& expression) {
    if (expression.kind != ExpressionKind::kColumn) return;
    if (expression.type.kind == TypeKind::kFloat64) return;
    const auto column = static_cast<std::size_t>(expression.column);
    if (column < unseen.size()) unseen[column] = false;
  };
  for (const Expression& one : per) see(one);
  std::size_t keys = 0;
  while (keys < sort.size() &&
         (keys < fewest || std::find(unseen.begin(), unseen.end(), true) != unseen.end())) {
    see(sort[keys++].expression);
  }
  return keys;
}

}  // namespace

std::size_t keys_seen(const TopNode& top, const Needed& needed) {
  return top.with_ties ? top.keys.size() : keys_seen(top.per, top.keys, 1, needed);
}

std::size_t keys_seen(const WindowNode& node, std::size_t call, const Needed& needed) {
  const WindowCall& window = node.calls[call];
  const std::size_t width = node.input->fields.size();
  for (std::size_t other = 0; other < node.calls.size(); ++other) {
    if (other != call && needed[width + other]) return window.sort.size();
  }
  Needed looked_at(needed.begin(), needed.begin() + static_cast<std::ptrdiff_t>(width));
  for (const Expression& argument : window.arguments) {
    for_each_column(argument,
                    [&](int column) { looked_at[static_cast<std::size_t>(column)] = true; });
  }
  return keys_seen(window.per, window.sort, window.asked_keys, std::move(looked_at));
}

}  // namespace stave
