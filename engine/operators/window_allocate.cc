// allocate(total, weight): each partition's total split over its rows by weight.
// Invariant: the parts of a partition sum to its total exactly, or are all null.
#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/operators/cell_order.h"
#include "engine/operators/describe_row.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/largest_remainder.h"
#include "engine/operators/row_values.h"
#include "engine/operators/window_functions.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

class Allocation {
 public:
  Allocation(const WindowCall& call, const Relation& input, const EvaluatedColumns& columns)
      : call_(call),
        input_(input),
        columns_(columns),
        locator_(input.batches),
        order_(input.batches, locator_) {}

  // What a thread needs again and again.
  struct Scratch {
    std::vector<Int128> weights;
    std::vector<std::size_t> peers;  // the place of each row's first peer
    LargestRemainder parts;
  };

  Result<void> split(std::span<const RowNumber> rows, std::span<const std::uint8_t> peer_starts,
                     Scratch& scratch, RowValues& parts) const {
    const std::optional<Int128> total = number_at(locator_(rows[0]), total_column());
    scratch.weights.clear();
    scratch.peers.clear();
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const RowNumber row = rows[place];
      const RowLocator::Place at = locator_(row);
      if (place > 0 && number_at(at, total_column()) != total) {
        return broken("The total of allocate is not the same in its whole partition", rows[0], row);
      }
      const Int128 weight = number_at(at, weight_column()).value_or(0);
      if (weight < 0) {
        return broken("A weight of allocate is negative", row, std::nullopt);
      }
      scratch.weights.push_back(weight);
      scratch.peers.push_back(peer_starts[place] != 0 ? place : scratch.peers.back());
    }
    if (!total) {
      return {};
    }
    const Preference preference{order_, rows, scratch.peers};
    const auto split = scratch.parts.split(*total, scratch.weights, std::cref(preference));
    if (!split) {
      return pass(split);
    }
    for (std::size_t place = 0; *split && place < rows.size(); ++place) {
      parts.set(rows[place], scratch.parts.parts()[place]);
    }
    return {};
  }

 private:
  struct Preference {
    const RowOrder& order;
    std::span<const RowNumber> rows;
    const std::vector<std::size_t>& peers;

    bool operator()(std::size_t left, std::size_t right) const {
      if (peers[left] != peers[right]) {
        return peers[left] < peers[right];
      }
      const int compared = order.compare(rows[left], rows[right]);
      return compared != 0 ? compared < 0 : rows[left] < rows[right];
    }
  };

  std::size_t total_column() const { return columns_.shapes.size() - 2; }
  std::size_t weight_column() const { return columns_.shapes.size() - 1; }

  std::optional<Int128> number_at(RowLocator::Place place, std::size_t column) const {
    const Vector& vector = columns_.batches[place.batch].columns[column];
    if (is_null_at(vector, place.row)) {
      return std::nullopt;
    }
    switch (vector.representation) {
      case Representation::kCode:
        return vector.dictionary->int64_at(vector.values<std::uint32_t>()[place.row]);
      case Representation::kInt128:
        return vector.values<Int128>()[place.row];
      default:
        return vector.values<std::int64_t>()[place.row];
    }
  }

  std::string shown(RowNumber row) const {
    std::vector<std::string> names = names_of(call_.per, input_.fields);
    names.emplace_back("total");
    names.emplace_back("weight");
    const RowLocator::Place place = locator_(row);
    return describe_row(names, columns_.batches[place.batch].columns, place.row);
  }

  Failure broken(const char* sentence, RowNumber row, std::optional<RowNumber> other) const {
    const std::string values = other ? shown(row) + "; and " + shown(*other) : shown(row);
    return fail(ErrorCode::kEvaluation,
                fmt::format("{}: {}. {}", sentence, values,
                            other ? "Name every column that the total depends on after `per`."
                                  : "Filter such rows out, or weigh by something that is never "
                                    "below zero."));
  }

  const WindowCall& call_;
  const Relation& input_;
  const EvaluatedColumns& columns_;  // per, total, weight
  RowLocator locator_;
  RowOrder order_;
};

bool is_exact(Type type) {
  return type.kind == TypeKind::kInt64 || type.kind == TypeKind::kDecimal ||
         type.kind == TypeKind::kNull;
}

}  // namespace

Result<std::vector<Vector>> window_allocate(const WindowCall& call, const Relation& input,
                                            const WindowPartitions& partitions,
                                            ExecutionContext& context) {
  if (!is_exact(call.arguments[0].type) || !is_exact(call.arguments[1].type)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("allocate splits i64 and decimals by i64 or decimal weights, not {} by "
                            "{}. Cast to a decimal first.",
                            to_string(call.arguments[0].type), to_string(call.arguments[1].type)));
  }
  std::vector<Expression> expressions = call.per;
  expressions.insert(expressions.end(), call.arguments.begin(), call.arguments.begin() + 2);
  const auto columns = evaluate_all(expressions, input, context);
  if (!columns) {
    return pass(columns);
  }
  const Allocation allocation(call, input, *columns);
  RowValues parts(call.type, static_cast<RowNumber>(input.rows));
  std::vector<Allocation::Scratch> scratches(static_cast<std::size_t>(context.threads()));
  const auto done = partitions.for_each(context, [&](std::size_t partition, int worker) {
    return allocation.split(partitions.rows(partition), partitions.peer_starts(partition),
                            scratches[static_cast<std::size_t>(worker)], parts);
  });
  if (!done) {
    return pass(done);
  }
  return parts.cut(input.batches);
}

}  // namespace stave
