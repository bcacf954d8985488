// Numbers of rows in their partition: row_number, rank, dense_rank.
#include "engine/operators/row_values.h"
#include "engine/operators/window_functions.h"

namespace stave {

Result<std::vector<Vector>> window_rank(const WindowCall& call, const Relation& input,
                                        const WindowPartitions& partitions,
                                        ExecutionContext& context) {
  RowValues numbers(call.type, static_cast<RowNumber>(input.rows));
  const auto numbered = partitions.for_each(context, [&](std::size_t partition, int) {
    const auto rows = partitions.rows(partition);
    const auto peer_starts = partitions.peer_starts(partition);
    Int128 rank = 0;
    Int128 dense_rank = 0;
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const auto row_number = static_cast<Int128>(place) + 1;
      if (peer_starts[place] != 0) {
        rank = row_number;
        ++dense_rank;
      }
      numbers.set(rows[place], call.function == WindowFunction::kRowNumber ? row_number
                               : call.function == WindowFunction::kRank    ? rank
                                                                           : dense_rank);
    }
    return Result<void>();
  });
  if (!numbered) {
    return pass(numbered);
  }
  return numbers.cut(input.batches);
}

}  // namespace stave
