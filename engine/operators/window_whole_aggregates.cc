// Aggregates over whole partitions: grouping computes them once for each partition, then each row
// looks its group up by key. Partitions by one coded column need no rows in memory for that: their
// values are an array by code, and the window is a column of the pipeline that it reads from.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/aggregate/aggregate.h"
#include "engine/kernels/reduce.h"
#include "engine/make_expression.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/join_index.h"
#include "engine/operators/join_keys.h"
#include "engine/operators/operators.h"
#include "engine/operators/reservation.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/window_functions.h"
#include "engine/pipeline.h"
#include "engine/spill/row_collector.h"

namespace stave {

namespace {

// In some order.
Result<Relation> group(const std::vector<WindowCall>& calls, const Pipeline& input,
                       ExecutionContext& context) {
  AggregateNode node;
  std::vector<Field> fields;
  for (const Expression& key : calls[0].per) {
    node.keys.push_back({fmt::format("per {}", fields.size()), key});
    fields.push_back({node.keys.back().name, key.type});
  }
  for (const WindowCall& call : calls) {
    node.aggregates.push_back(
        {call.aggregate, call.arguments, call.parameter, call.type, call.name});
    fields.push_back({call.name, call.type});
  }
  GroupsWanted wanted;
  wanted.in_order = false;
  return run_aggregate(node, fields, input, context, wanted);
}

// The first columns of a relation as evaluated columns.
EvaluatedColumns first_columns(const Relation& relation, std::size_t count) {
  EvaluatedColumns columns{shapes_of(relation), relation.batches};
  columns.shapes.resize(count);
  for (Batch& batch : columns.batches) {
    batch.columns.resize(count);
  }
  return columns;
}

// The key that all calls are partitioned by, where it is one and a dictionary tells its values and
// is no longer than the input. Nothing otherwise.
Result<std::shared_ptr<const Dictionary>> coded_partitions(const std::vector<WindowCall>& calls,
                                                           const Pipeline& input,
                                                           ExecutionContext& context) {
  const bool is_shared = std::all_of(calls.begin(), calls.end(), [&](const WindowCall& call) {
    return is_whole_aggregate(call) && call.per.size() == 1 && call.per == calls[0].per;
  });
  if (!is_shared) {
    return nullptr;
  }
  const auto reader = input.read(calls[0].per, context);
  if (!reader) {
    return pass(reader);
  }
  const ColumnShape& key = (*reader)->shapes()[0];
  const bool is_coded = key.representation == Representation::kCode;
  return is_coded && key.dictionary->size() <= input.rows() ? key.dictionary : nullptr;
}

// The results of the calls as arrays by the code of their partition; `groups` as `group` gives
// them.
Result<Batch> by_code(const Relation& groups, const Dictionary& keys, ExecutionContext& context) {
  std::vector<RowNumber> rows(std::size_t{keys.size()} + 1, kNoRow);
  RowNumber next = 0;
  for (const Batch& batch : groups.batches) {
    const auto* codes = batch.columns[0].values<std::uint32_t>();
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      rows[codes[row]] = next++;
    }
  }
  std::vector<bool> wanted(groups.fields.size(), true);
  wanted[0] = false;
  Batch arrays = RowGatherer(groups).gather(rows, wanted);
  // Held as long as the context, so never given back.
  if (const auto reserved = context.memory().reserve(bytes_of(arrays)); !reserved) {
    return pass(reserved);
  }
  return arrays;
}

}  // namespace

bool is_whole_aggregate(const WindowCall& call) {
  return call.function == WindowFunction::kAggregate && call.sort.empty() && !call.has_frame;
}

Result<std::optional<Pipeline>> stream_window(const WindowNode& node,
                                              const std::vector<Field>& fields,
                                              const Pipeline& input, ExecutionContext& context) {
  const auto keys = coded_partitions(node.calls, input, context);
  if (!keys || *keys == nullptr) {
    return keys ? Result<std::optional<Pipeline>>(std::nullopt) : pass(keys);
  }
  const auto groups = group(node.calls, input, context);
  if (!groups) {
    return pass(groups);
  }
  if (groups->spilled) {
    return std::nullopt;
  }
  const auto arrays = by_code(*groups, **keys, context);
  if (!arrays) {  // for want of memory
    return std::nullopt;
  }
  std::vector<NamedExpression> columns;
  for (std::size_t column = 0; column < input.fields().size(); ++column) {
    columns.push_back({fields[column].name, column_expression(column, fields[column].type)});
  }
  for (std::size_t call = 0; call < node.calls.size(); ++call) {
    auto array = std::make_shared<LookupArray>();
    array->keys = *keys;
    array->values = arrays->columns[call + 1];
    const Vector& values = array->values;
    if (values.representation == Representation::kInt64) {
      const auto range =
          kernels::range_of(values.values<std::int64_t>(), values.validity, values.size);
      if (range.min <= range.max) {
        array->range = std::pair(range.min, range.max);
      }
    }
    Expression value;
    value.kind = ExpressionKind::kLookup;
    value.type = node.calls[call].type;
    value.table_column = context.add_lookup(std::move(array));
    value.arguments = node.calls[call].per;
    columns.push_back({node.calls[call].name, std::move(value)});
  }
  return input.projected(columns, fields);
}

Result<std::vector<std::vector<Vector>>> window_whole_aggregates(
    const std::vector<WindowCall>& calls, const std::shared_ptr<const Relation>& input,
    ExecutionContext& context) {
  const std::vector<Expression>& per = calls[0].per;
  auto grouped = group(calls, Pipeline::over_relation(input), context);
  if (!grouped) {
    return pass(std::move(grouped));
  }
  const auto groups = in_memory(*std::move(grouped), context);
  if (!groups) {
    return pass(groups);
  }
  const auto own_keys = evaluate_all(per, *input, context);
  if (!own_keys) {
    return pass(own_keys);
  }
  const EvaluatedColumns group_keys = first_columns(*groups, per.size());
  const JoinKeys keys(own_keys->shapes, group_keys, std::vector<bool>(per.size(), true));
  const JoinIndex index(keys, keys.encode_right(group_keys));
  const RowGatherer gatherer(*groups);
  std::vector<bool> wanted(per.size(), false);
  wanted.resize(per.size() + calls.size(), true);

  std::vector<std::vector<Vector>> results(calls.size(),
                                           std::vector<Vector>(input->batches.size()));
  std::vector<JoinKeys::Encoded> encoded(static_cast<std::size_t>(context.threads()));
  const auto looked_up = context.parallel_for(
      input->batches.size(), [&](std::size_t item, int worker) -> Result<void> {
        const Batch& own = own_keys->batches[item];
        JoinKeys::Encoded& words = encoded[static_cast<std::size_t>(worker)];
        keys.encode_left(own.columns, own.rows, words);
        std::vector<RowNumber> rows(own.rows, kNoRow);
        std::vector<std::uint32_t> matching;
        index.find(words, own.rows, matching);
        for (std::uint32_t row = 0; row < own.rows; ++row) {
          const auto found = index.rows_of(matching[row]);
          if (!found.empty()) {
            rows[row] = found[0];
          }
        }
        Batch values = gatherer.gather(rows, wanted);
        for (std::size_t call = 0; call < calls.size(); ++call) {
          results[call][item] = std::move(values.columns[per.size() + call]);
        }
        return {};
      });
  if (!looked_up) {
    return pass(looked_up);
  }
  return results;
}

}  // namespace stave
