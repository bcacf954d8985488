// Sort: keys become integers, integers are sorted, rows are gathered. Stable, nulls last.
#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/operators/evaluate_all.h"
#include "engine/operators/operators.h"
#include "engine/operators/order_keys.h"
#include "engine/operators/row_gather.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/sort_on_disk.h"

namespace stave {

namespace {

// Keys and row numbers, and the rows once more in their order.
std::uint64_t work_bytes(std::size_t keys, const Relation& input) {
  return input.rows * (row_bytes_of(input) + (keys + 2) * sizeof(std::uint64_t));
}

}  // namespace

Result<Relation> run_sort(const SortNode& node, const std::vector<Field>& fields, Relation input,
                          ExecutionContext& context) {
  Reservation work(context);
  if (input.spilled ||
      !context.spill().takes(work, input.rows, work_bytes(node.keys.size(), input))) {
    return sort_on_disk(node, fields, input, context);
  }
  return sort_in_memory(node, fields, std::move(input), context);
}

Result<Relation> sort_in_memory(const SortNode& node, const std::vector<Field>& fields,
                                Relation input, ExecutionContext& context) {
  const auto numbered = check_row_numbers(input.rows);
  if (!numbered) {
    return pass(numbered);
  }
  std::vector<RowNumber> rows;
  {  // the keys are gone before the rows are gathered
    const auto keys = make_order_keys(node.keys, input, context);
    if (!keys) {
      return pass(keys);
    }
    auto sorted = sorted_rows(*keys, context);
    if (!sorted) {
      return pass(std::move(sorted));
    }
    rows = std::move(*sorted);
  }
  if (std::is_sorted(rows.begin(), rows.end())) {
    input.fields = fields;
    return input;
  }
  return gather_rows(input, fields, rows, context);
}

}  // namespace stave
