// Top: the first rows by key of each group. Groups are brought together by their own keys, then
// each is cut down by selection before its few remaining rows are sorted: by the first key alone
// where there are several, so that the others, often texts, are ranked for few rows.
// Invariant: the order of rows is total (keys, then row number), so selection is deterministic.
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "engine/operators/operators.h"
#include "engine/operators/order_keys.h"
#include "engine/operators/row_gather.h"
#include "engine/spill/sort_on_disk.h"
#include "engine/spill/spill_space.h"

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

std::vector<RowGroup> groups_of(const std::vector<RowNumber>& rows, const OrderKeys& per) {
  std::vector<RowGroup> groups;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    if (place == 0 || per.compare(rows[place - 1], rows[place]) != 0) {
      groups.push_back({place, 0});
    }
    ++groups.back().size;
  }
  return groups;
}

// Cuts `rows`, which holds one group after another, down to those that `node` keeps, sorted.
Result<void> keep_top(const TopNode& node, const Relation& input, std::vector<RowNumber>& rows,
                      std::vector<RowGroup>& groups, ExecutionContext& context) {
  const GroupedRows grouped{rows, groups};
  const auto keys = make_order_keys(node.keys, input, context, &grouped);
  if (!keys) {
    return pass(keys);
  }
  constexpr std::size_t kGroupsPerItem = 256;
  const std::size_t items = (groups.size() + kGroupsPerItem - 1) / kGroupsPerItem;
  auto selected = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    const std::size_t last = std::min(groups.size(), (item + 1) * kGroupsPerItem);
    for (std::size_t index = item * kGroupsPerItem; index < last; ++index) {
      RowGroup& group = groups[index];
      const Iterator first = rows.begin() + static_cast<std::ptrdiff_t>(group.first);
      group.size = select_top(first, first + static_cast<std::ptrdiff_t>(group.size), node, *keys);
    }
    return {};
  });
  if (!selected) {
    return selected;
  }
  std::size_t total = 0;
  for (RowGroup& group : groups) {
    const Iterator first = rows.begin() + static_cast<std::ptrdiff_t>(group.first);
    std::copy(first, first + static_cast<std::ptrdiff_t>(group.size),
              rows.begin() + static_cast<std::ptrdiff_t>(total));
    group.first = total;
    total += group.size;
  }
  rows.resize(total);
  return {};
}

// Leaves the rows that the first key alone does not rule out; where they are few, as a relation of
// their own.
Result<void> keep_candidates(const TopNode& node, const std::vector<Field>& fields, Relation& input,
                             std::vector<RowNumber>& rows, std::vector<RowGroup>& groups,
                             ExecutionContext& context) {
  TopNode by_first = node;
  by_first.keys.resize(1);
  by_first.with_ties = true;
  if (auto kept = keep_top(by_first, input, rows, groups, context); !kept) {
    return kept;
  }
  if (rows.size() > input.rows / 2) {
    return {};
  }
  for (const RowGroup& group : groups) {
    const Iterator first = rows.begin() + static_cast<std::ptrdiff_t>(group.first);
    std::sort(first, first + static_cast<std::ptrdiff_t>(group.size));
  }
  auto candidates = gather_rows(input, fields, rows, context);
  if (!candidates) {
    return pass(std::move(candidates));
  }
  input = *std::move(candidates);
  std::iota(rows.begin(), rows.end(), RowNumber{0});
  return {};
}

}  // namespace

Result<Relation> run_top(const TopNode& node, const std::vector<Field>& fields, Relation input,
                         ExecutionContext& context, bool is_cut) {
  Reservation work(context);
  const std::uint64_t bytes = input.rows * (node.keys.size() + 3) * sizeof(std::uint64_t);
  if (input.spilled || !context.spill().takes(work, input.rows, bytes)) {
    return top_on_disk(node, fields, input, context);
  }
  const auto numbered = check_row_numbers(input.rows);
  if (!numbered) {
    return pass(numbered);
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
  std::vector<RowGroup> groups = groups_of(*rows, *per);
  if (node.keys.size() > 1 && !is_cut) {
    const auto kept = keep_candidates(node, fields, input, *rows, groups, context);
    if (!kept) {
      return pass(kept);
    }
  }
  const auto kept = keep_top(node, input, *rows, groups, context);
  if (!kept) {
    return pass(kept);
  }
  return gather_rows(input, fields, *rows, context);
}

}  // namespace stave
