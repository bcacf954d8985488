// See sort_on_disk.h.
#include "engine/spill/sort_on_disk.h"

#include <algorithm>
#include <utility>

#include "engine/operators/cell_order.h"
#include "engine/operators/operators.h"
#include "engine/operators/row_gather.h"
#include "engine/spill/merge_runs.h"
#include "engine/spill/row_collector.h"

namespace stave {

namespace {

// The stretches of a relation that are worked on at once, each as a relation in memory.
class Stretches {
 public:
  Stretches(const Relation& input, ExecutionContext& context)
      : input_(input),
        shapes_(shapes_of(input)),
        rows_at_once_(context.spill().piece_rows(row_bytes_of(input))) {}

  // Without rows at the end.
  Result<Relation> next() {
    Relation stretch;
    stretch.fields = input_.fields;
    while (stretch.rows < rows_at_once_ && next_batch_ < batches_of(input_)) {
      auto batch = batch_of(input_, next_batch_);
      if (!batch) {
        return pass(std::move(batch));
      }
      const std::uint64_t rest = batch->rows - next_row_;
      const std::uint64_t taken = std::min(rest, rows_at_once_ - stretch.rows);
      stretch.rows += taken;
      stretch.batches.push_back(part_of(*std::move(batch), taken));
      next_row_ += taken;
      if (taken == rest) {
        ++next_batch_;
        next_row_ = 0;
      }
    }
    return stretch;
  }

 private:
  Batch part_of(Batch batch, std::uint64_t rows) const {
    if (next_row_ == 0 && rows == batch.rows) {
      return batch;
    }
    std::vector<RowNumber> numbers(rows);
    for (std::uint64_t row = 0; row < rows; ++row) {
      numbers[row] = static_cast<RowNumber>(next_row_ + row);
    }
    return RowGatherer(std::span(&batch, 1), shapes_).gather(numbers);
  }

  const Relation& input_;
  std::vector<ColumnShape> shapes_;
  std::uint64_t rows_at_once_;
  std::size_t next_batch_ = 0;
  std::uint64_t next_row_ = 0;  // in it
};

// Which rows of a relation sorted by `per`, then by the keys of a top, belong to it.
class TopCut {
 public:
  explicit TopCut(const TopNode& node) : node_(node) {}

  // Of the next batch; `keys` are the values of per, then of the keys.
  std::vector<RowNumber> taken(std::vector<Vector> keys, std::uint32_t rows) {
    std::vector<RowNumber> taken;
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::vector<Vector>& before = row == 0 ? last_ : keys;
      const std::uint32_t row_before = row == 0 ? last_row_ : row - 1;
      const auto is_same = [&](std::size_t first, std::size_t last) {
        for (std::size_t key = first; key < last; ++key) {
          if (compare_cells(before[key], row_before, keys[key], row) != 0) {
            return false;
          }
        }
        return true;
      };
      const bool is_same_group = !before.empty() && is_same(0, node_.per.size());
      rows_ = is_same_group ? rows_ + 1 : 1;
      took_last_ = rows_ <= node_.count || (node_.with_ties && is_same_group && took_last_ &&
                                            is_same(node_.per.size(), keys.size()));
      if (took_last_) {
        taken.push_back(row);
      }
    }
    last_ = std::move(keys);
    last_row_ = rows - 1;
    return taken;
  }

 private:
  const TopNode& node_;
  std::vector<Vector> last_;  // of the batch before
  std::uint32_t last_row_ = 0;
  bool took_last_ = false;
  std::uint64_t rows_ = 0;  // of the group so far
};

}  // namespace

Result<Relation> sort_on_disk(const SortNode& node, const std::vector<Field>& fields,
                              const Relation& input, ExecutionContext& context) {
  Stretches stretches(input, context);
  std::vector<Relation> runs;
  for (;;) {
    auto stretch = stretches.next();
    if (!stretch) {
      return pass(std::move(stretch));
    }
    if (stretch->rows == 0) {
      break;
    }
    auto sorted = sort_in_memory(node, fields, *std::move(stretch), context);
    if (!sorted) {
      return pass(std::move(sorted));
    }
    auto run = on_disk(*std::move(sorted), context);
    if (!run) {
      return pass(std::move(run));
    }
    runs.push_back(*std::move(run));
  }
  return merge_runs(std::move(runs), node.keys, fields, context);
}

Result<Relation> top_on_disk(const TopNode& node, const std::vector<Field>& fields,
                             const Relation& input, ExecutionContext& context) {
  SortNode sort;
  std::vector<Expression> expressions = node.per;
  for (const Expression& per : node.per) {
    sort.keys.push_back({per, false});
  }
  for (const SortKey& key : node.keys) {
    sort.keys.push_back(key);
    expressions.push_back(key.expression);
  }
  const auto sorted = sort_on_disk(sort, fields, input, context);
  if (!sorted) {
    return pass(sorted);
  }
  const std::vector<ColumnShape> shapes = shapes_of(*sorted);
  auto evaluator = Evaluator::prepare(expressions, shapes, sorted->rows, context);
  if (!evaluator) {
    return pass(std::move(evaluator));
  }
  RowCollector output(fields, context);
  TopCut cut(node);
  Evaluator::Scratch scratch;
  for (std::size_t item = 0; item < batches_of(*sorted); ++item) {
    if (auto running = context.check_cancelled(); !running) {
      return pass(running);
    }
    const auto batch = batch_of(*sorted, item);
    if (!batch) {
      return pass(batch);
    }
    std::vector<Vector> keys;
    if (auto done = evaluator->evaluate(*batch, scratch, keys); !done) {
      return pass(done);
    }
    const std::vector<RowNumber> taken = cut.taken(std::move(keys), batch->rows);
    const RowGatherer gatherer(std::span(&*batch, 1), shapes);
    if (auto added = output.add(gatherer.gather(taken)); !added) {
      return pass(added);
    }
  }
  return output.finish();
}

}  // namespace stave
