// See join_on_disk.h. Both sides get a column more that numbers their rows: the order of the result
// is by the number of the left row, unmatched right rows last, then by that of the right row.
#include "engine/spill/join_on_disk.h"

#include <memory>
#include <optional>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/operators.h"
#include "engine/spill/merge_runs.h"
#include "engine/spill/partition_rows.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/spill_space.h"

namespace stave {

namespace {

// A key with more rows than memory takes cannot be dealt to several files.
constexpr unsigned kMostDepth = 3;

// The expression over left then right fields where the left side has one column more.
void make_room(Expression& expression, std::size_t left_fields) {
  if (expression.kind == ExpressionKind::kColumn &&
      static_cast<std::size_t>(expression.column) >= left_fields) {
    ++expression.column;
  }
  for (Expression& argument : expression.arguments) {
    make_room(argument, left_fields);
  }
}

Result<std::vector<Relation>> deal(const Pipeline& side, const std::vector<Expression>& keys,
                                   std::uint32_t partitions, unsigned depth,
                                   ExecutionContext& context) {
  Partitioning how;
  how.columns = same_columns(side.fields());
  how.keys = keys;
  how.adds_numbers = true;
  how.partitions = partitions;
  how.seed = depth + 1;
  return partition_rows(side, how, context);
}

bool gives_right_columns(JoinKind kind) {
  return kind != JoinKind::kSemi && kind != JoinKind::kAnti;
}

}  // namespace

bool may_join_on_disk(const JoinNode& node, unsigned depth) {
  return !node.left_keys.empty() && depth < kMostDepth;
}

Result<Relation> join_on_disk(const JoinNode& node, const std::vector<Field>& fields,
                              const Pipeline& left, const Relation& right,
                              ExecutionContext& context, unsigned depth) {
  const std::size_t left_fields = left.fields().size();
  const std::size_t right_fields = right.fields.size();
  const std::uint64_t bytes = right.rows * (row_bytes_of(right) + 4 * sizeof(std::uint64_t));
  const std::uint32_t partitions = context.spill().partitions_for(2 * bytes);
  auto left_parts = deal(left, node.left_keys, partitions, depth, context);
  if (!left_parts) {
    return pass(std::move(left_parts));
  }
  auto right_parts = deal(Pipeline::over_relation(std::make_shared<const Relation>(right)),
                          node.right_keys, partitions, depth, context);
  if (!right_parts) {
    return pass(std::move(right_parts));
  }
  JoinNode numbered = node;
  if (numbered.residual) {
    make_room(*numbered.residual, left_fields);
  }
  std::vector<Field> numbered_fields = (*left_parts)[0].fields;
  if (gives_right_columns(node.kind)) {
    const std::vector<Field>& more = (*right_parts)[0].fields;
    numbered_fields.insert(numbered_fields.end(), more.begin(), more.end());
  }
  std::vector<Relation> runs;
  std::optional<Error> multiplied;
  std::int64_t first_multiplied = kNoLeftNumber;
  for (std::uint32_t partition = 0; partition < partitions; ++partition) {
    const auto left_part =
        std::make_shared<const Relation>(std::exchange((*left_parts)[partition], {}));
    JoinAttempt attempt;
    attempt.depth = depth + 1;
    attempt.left_numbers = left_fields;
    auto joined = run_join(numbered, numbered_fields, Pipeline::over_relation(left_part),
                           std::exchange((*right_parts)[partition], {}), context, attempt);
    if (!joined && attempt.multiplied_left != kNoLeftNumber) {
      // Of the left rows that have several matches the first is reported, whatever its partition.
      if (attempt.multiplied_left < first_multiplied) {
        first_multiplied = attempt.multiplied_left;
        multiplied = std::move(joined).error();
      }
      continue;
    }
    if (!joined) {
      return joined;
    }
    auto run = on_disk(*std::move(joined), context);
    if (!run) {
      return run;
    }
    runs.push_back(*std::move(run));
  }
  if (multiplied) {
    return Failure(*std::move(multiplied));
  }
  std::vector<SortKey> order = {{column_expression(left_fields, kInt64Type), false}};
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < left_fields; ++column) {
    columns.push_back(column);
  }
  if (gives_right_columns(node.kind)) {
    for (std::size_t column = 0; column < right_fields; ++column) {
      columns.push_back(left_fields + 1 + column);
    }
    order.push_back({column_expression(left_fields + 1 + right_fields, kInt64Type), false});
  }
  return merge_runs(std::move(runs), order, columns, fields, context);
}

}  // namespace stave
