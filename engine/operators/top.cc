// Top: the first rows by key of each group. Groups are brought together by their own keys, then
// each is cut down by selection before its few remaining rows are sorted.
// Invariant: the order of rows is total (keys, then row number), so selection is deterministic.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/operators/operators.h"
#include "engine/operators/order_keys.h"
#include "engine/operators/row_gather.h"

namespace stave {

namespace {

using Iterator = std::vector<RowNumber>::iterator;

// Sorts the rows that `top` keeps of one group to its front; how many there are.
std::size_t select_top(Iterator begin, Iterator end, const TopNode& node, const OrderKeys& keys) {
  const auto less = [&keys](RowNumber left, RowNumber right) {
    const int order = keys.compare(left, right);
    return order != 0 ? order < 0 : left < right;
  };
  if (node.count == 0 || begin == end) {
    return 0;
  }
  const auto size = static_cast<std::uint64_t>(end - begin);
  if (node.count >= size) {
    std::sort(begin, end, less);
    return size;
  }
  const auto count = static_cast<std::ptrdiff_t>(node.count);
  const Iterator last = begin + count - 1;
  std::nth_element(begin, last, end, less);
  Iterator kept = begin + count;
  if (node.with_ties) {
    const RowNumber border = *last;
    kept = std::partition(kept, end, [&](RowNumber row) { return keys.compare(row, border) == 0; });
  }
  std::sort(begin, kept, less);
  return static_cast<std::size_t>(kept - begin);
}

struct Group {
  std::size_t first = 0;
  std::size_t size = 0;
  std::size_t kept = 0;
};

std::vector<Group> groups_of(const std::vector<RowNumber>& rows, const OrderKeys& per) {
  std::vector<Group> groups;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    if (place == 0 || per.compare(rows[place - 1], rows[place]) != 0) {
      groups.push_back({place, 0, 0});
    }
    ++groups.back().size;
  }
  return groups;
}

}  // namespace

Result<Relation> run_top(const TopNode& node, const std::vector<Field>& fields, Relation input,
                         ExecutionContext& context) {
  const auto numbered = check_row_numbers(input.rows);
  if (!numbered) {
    return pass(numbered);
  }
  const auto keys = make_order_keys(node.keys, input, context);
  if (!keys) {
    return pass(keys);
  }
  std::vector<SortKey> per_keys;
  for (const Expression& expression : node.per) {
    per_keys.push_back({expression, false});
  }
  const auto per = make_order_keys(per_keys, input, context);
  if (!per) {
    return pass(per);
  }
  auto rows = sorted_rows(*per, context);
  if (!rows) {
    return pass(std::move(rows));
  }
  std::vector<Group> groups = groups_of(*rows, *per);
  constexpr std::size_t kGroupsPerItem = 256;
  const std::size_t items = (groups.size() + kGroupsPerItem - 1) / kGroupsPerItem;
  const auto selected = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    const std::size_t last = std::min(groups.size(), (item + 1) * kGroupsPerItem);
    for (std::size_t index = item * kGroupsPerItem; index < last; ++index) {
      Group& group = groups[index];
      const Iterator first = rows->begin() + static_cast<std::ptrdiff_t>(group.first);
      group.kept = select_top(first, first + static_cast<std::ptrdiff_t>(group.size), node, *keys);
    }
    return {};
  });
  if (!selected) {
    return pass(selected);
  }
  std::size_t total = 0;
  for (const Group& group : groups) {
    const Iterator first = rows->begin() + static_cast<std::ptrdiff_t>(group.first);
    std::copy(first, first + static_cast<std::ptrdiff_t>(group.kept),
              rows->begin() + static_cast<std::ptrdiff_t>(total));
    total += group.kept;
  }
  return gather_rows(input, fields, std::span(*rows).first(total), context);
}

}  // namespace stave
