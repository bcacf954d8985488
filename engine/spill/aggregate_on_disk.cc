// See aggregate_on_disk.h.
#include "engine/spill/aggregate_on_disk.h"

#include <memory>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/unify.h"
#include "engine/spill/merge_runs.h"
#include "engine/spill/partition_rows.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/spill_space.h"

namespace stave {

namespace {

// Partitions of partitions: a single group that is too large cannot be cut further.
constexpr unsigned kMostDepth = 3;
// State of a group, or of a value that it collects, beside the columns of a row.
constexpr std::uint64_t kStateFactor = 4;

// The aggregate over the columns of its partitions: keys, then all arguments.
AggregateNode over_columns(const AggregateNode& node, std::vector<NamedExpression>& columns) {
  AggregateNode over = node;
  over.input.reset();
  const auto as_column = [&columns](Expression& expression, const std::string& name) {
    const Expression column = column_expression(columns.size(), expression.type);
    columns.push_back({name, std::exchange(expression, column)});
  };
  for (NamedExpression& key : over.keys) {
    as_column(key.expression, key.name);
  }
  for (AggregateCall& call : over.aggregates) {
    for (Expression& argument : call.arguments) {
      as_column(argument, call.name);
    }
  }
  return over;
}

// Texts by a dictionary of the partition's own become texts, so that the dictionary can go.
void write_out_own_codes(Relation& groups, const std::vector<ColumnShape>& known) {
  for (std::size_t column = 0; column < groups.fields.size(); ++column) {
    ColumnShape plain;
    plain.type = groups.fields[column].type;
    plain.representation = representation_of(plain.type);
    for (Batch& batch : groups.batches) {
      Vector& vector = batch.columns[column];
      bool is_known = vector.dictionary == nullptr;
      for (const ColumnShape& shape : known) {
        is_known |= shape.dictionary == vector.dictionary;
      }
      if (!is_known) {
        vector = as_shape(vector, plain);
      }
    }
  }
}

}  // namespace

bool may_aggregate_on_disk(const AggregateNode& node, const AggregateTuning& tuning) {
  return !node.keys.empty() && tuning.depth < kMostDepth;
}

Result<Relation> aggregate_on_disk(const AggregateNode& node, const std::vector<Field>& fields,
                                   const Pipeline& input, ExecutionContext& context,
                                   const AggregateTuning& tuning) {
  Partitioning how;
  const AggregateNode over = over_columns(node, how.columns);
  for (const NamedExpression& key : node.keys) {
    how.keys.push_back(key.expression);
  }
  std::vector<Expression> written;
  for (const NamedExpression& column : how.columns) {
    written.push_back(column.expression);
  }
  const auto row_bytes = row_bytes_of(input, written, context);
  if (!row_bytes) {
    return pass(row_bytes);
  }
  how.partitions = context.spill().partitions_for(kStateFactor * *row_bytes * input.rows());
  how.seed = tuning.depth + 1;
  auto partitions = partition_rows(input, how, context);
  if (!partitions) {
    return pass(std::move(partitions));
  }
  std::vector<Relation> runs;
  AggregateTuning deeper = tuning;
  deeper.depth = tuning.depth + 1;
  deeper.wanted = GroupsWanted();
  for (Relation& partition : *partitions) {
    if (partition.rows == 0) {
      continue;
    }
    const std::vector<ColumnShape> known = shapes_of(partition);
    const auto rows = std::make_shared<const Relation>(std::exchange(partition, {}));
    auto groups = run_aggregate(over, fields, Pipeline::over_relation(rows), context, deeper);
    if (!groups) {
      return pass(std::move(groups));
    }
    write_out_own_codes(*groups, known);
    auto run = on_disk(*std::move(groups), context);
    if (!run) {
      return pass(std::move(run));
    }
    runs.push_back(*std::move(run));
  }
  std::vector<SortKey> order;
  for (std::size_t key = 0; key < node.keys.size(); ++key) {
    order.push_back({column_expression(key, fields[key].type), false});
  }
  return merge_runs(std::move(runs), order, fields, context);
}

}  // namespace stave
