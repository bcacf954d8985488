// See merge_runs.h. Every run shows one batch at a time; a heap of runs says whose row is next.
// Picked rows are gathered once there are enough of them for a batch; until then the batches that
// they are in stay.
#include "engine/spill/merge_runs.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/operators/cell_order.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/unify.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/spill/row_collector.h"

namespace stave {

namespace {

constexpr std::size_t kMergedRows = 4096;

class RunMerge {
 public:
  RunMerge(std::vector<Relation> runs, const std::vector<SortKey>& keys,
           const std::vector<std::size_t>& columns, const std::vector<Field>& fields,
           ExecutionContext& context)
      : relations_(std::move(runs)),
        sort_(keys),
        columns_(columns),
        context_(context),
        output_(fields, context) {}

  Result<Relation> run() {
    shapes_ = common_shapes(relations_, relations_.front().fields);
    std::vector<Expression> keys;
    std::uint64_t rows = 0;
    for (const SortKey& key : sort_) {
      keys.push_back(key.expression);
    }
    for (const Relation& relation : relations_) {
      rows += relation.rows;
    }
    auto evaluator = Evaluator::prepare(keys, shapes_, rows, context_);
    if (!evaluator) {
      return pass(std::move(evaluator));
    }
    evaluator_ = *std::move(evaluator);
    runs_.resize(relations_.size());
    auto done = open_all();
    while (done && !heap_.empty()) {
      done = take_next();
    }
    if (done) {
      done = flush();
    }
    if (!done) {
      return pass(done);
    }
    return output_.finish();
  }

 private:
  struct Run {
    std::size_t next_batch = 0;
    Batch batch;
    std::vector<Vector> keys;
    std::uint32_t row = 0;
    RowNumber start = 0;  // of the batch among those that picked rows are in
  };

  // Whether the row of run `left` comes after that of run `right`.
  bool is_after(std::size_t left, std::size_t right) const {
    const Run& one = runs_[left];
    const Run& other = runs_[right];
    for (std::size_t key = 0; key < sort_.size(); ++key) {
      const int order = compare_cells(one.keys[key], one.row, other.keys[key], other.row);
      if (order == 0) {
        continue;
      }
      // Nulls are last either way.
      const bool has_null =
          is_null_at(one.keys[key], one.row) || is_null_at(other.keys[key], other.row);
      return sort_[key].descending && !has_null ? order < 0 : order > 0;
    }
    return left > right;
  }

  Result<void> open_all() {
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      const auto opened = open_batch(run);
      if (!opened) {
        return pass(opened);
      }
      if (*opened) {
        heap_.push_back(run);
      }
    }
    const auto after = [this](std::size_t left, std::size_t right) {
      return is_after(left, right);
    };
    std::make_heap(heap_.begin(), heap_.end(), after);
    return {};
  }

  // Shows the next batch of a run; false where there is none.
  Result<bool> open_batch(std::size_t number) {
    Run& run = runs_[number];
    const Relation& relation = relations_[number];
    do {
      if (run.next_batch == batches_of(relation)) {
        return false;
      }
      auto batch = batch_of(relation, run.next_batch++);
      if (!batch) {
        return pass(std::move(batch));
      }
      run.batch = *std::move(batch);
    } while (run.batch.rows == 0);
    for (std::size_t column = 0; column < shapes_.size(); ++column) {
      run.batch.columns[column] = as_shape(run.batch.columns[column], shapes_[column]);
    }
    run.keys.clear();
    if (auto done = evaluator_.evaluate(run.batch, scratch_, run.keys); !done) {
      return pass(done);
    }
    run.row = 0;
    hold(run);
    return true;
  }

  void hold(Run& run) {
    run.start = held_rows_;
    held_rows_ += run.batch.rows;
    held_.push_back(run.batch);
  }

  Result<void> take_next() {
    const auto after = [this](std::size_t left, std::size_t right) {
      return is_after(left, right);
    };
    const std::size_t number = heap_.front();
    Run& run = runs_[number];
    picked_.push_back(run.start + run.row);
    std::pop_heap(heap_.begin(), heap_.end(), after);
    if (++run.row == run.batch.rows) {
      const auto opened = open_batch(number);
      if (!opened) {
        return pass(opened);
      }
      if (!*opened) {
        heap_.pop_back();
        return {};
      }
    }
    std::push_heap(heap_.begin(), heap_.end(), after);
    const bool is_full = picked_.size() >= kMergedRows || held_.size() > 2 * runs_.size() + 1;
    return is_full ? flush() : Result<void>();
  }

  Result<void> flush() {
    if (auto running = context_.check_cancelled(); !running) {
      return running;
    }
    if (!picked_.empty()) {
      std::vector<bool> wanted(shapes_.size());
      for (const std::size_t column : columns_) {
        wanted[column] = true;
      }
      Batch all = RowGatherer(held_, shapes_).gather(picked_, wanted);
      Batch batch;
      batch.rows = all.rows;
      for (const std::size_t column : columns_) {
        batch.columns.push_back(all.columns[column]);
      }
      if (auto added = output_.add(std::move(batch)); !added) {
        return added;
      }
    }
    picked_.clear();
    held_.clear();
    held_rows_ = 0;
    for (const std::size_t run : heap_) {
      hold(runs_[run]);
    }
    return {};
  }

  std::vector<Relation> relations_;
  const std::vector<SortKey>& sort_;
  const std::vector<std::size_t>& columns_;
  ExecutionContext& context_;
  RowCollector output_;
  std::vector<ColumnShape> shapes_;
  Evaluator evaluator_;
  Evaluator::Scratch scratch_;
  std::vector<Run> runs_;
  std::vector<std::size_t> heap_;  // of runs that show a row; the first to come in front
  std::vector<Batch> held_;        // that picked rows are in
  RowNumber held_rows_ = 0;
  std::vector<RowNumber> picked_;
};

}  // namespace

std::vector<ColumnShape> common_shapes(const std::vector<Relation>& relations,
                                       const std::vector<Field>& fields) {
  std::vector<ColumnShape> common(fields.size());
  std::vector<bool> is_known(fields.size(), false);
  for (std::size_t column = 0; column < fields.size(); ++column) {
    common[column].type = fields[column].type;
    common[column].representation = representation_of(fields[column].type);
  }
  std::vector<ColumnShape> plain = common;
  for (const Relation& relation : relations) {
    if (relation.rows == 0) {
      continue;
    }
    const std::vector<ColumnShape> shapes = shapes_of(relation);
    for (std::size_t column = 0; column < fields.size(); ++column) {
      if (shapes[column].type.kind == TypeKind::kNull) {
        continue;
      }
      ColumnShape& shape = common[column];
      if (!is_known[column]) {
        shape.representation = shapes[column].representation;
        shape.dictionary = shapes[column].dictionary;
        is_known[column] = true;
      } else if (shape.representation != shapes[column].representation ||
                 shape.dictionary != shapes[column].dictionary) {
        shape = plain[column];
      }
    }
  }
  return common;
}

Result<Relation> merge_runs(std::vector<Relation> runs, const std::vector<SortKey>& keys,
                            const std::vector<std::size_t>& columns,
                            const std::vector<Field>& fields, ExecutionContext& context) {
  std::erase_if(runs, [](const Relation& run) { return run.rows == 0; });
  if (runs.empty()) {
    Relation nothing;
    nothing.fields = fields;
    return nothing;
  }
  return RunMerge(std::move(runs), keys, columns, fields, context).run();
}

Result<Relation> merge_runs(std::vector<Relation> runs, const std::vector<SortKey>& keys,
                            const std::vector<Field>& fields, ExecutionContext& context) {
  std::vector<std::size_t> columns(fields.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return merge_runs(std::move(runs), keys, columns, fields, context);
}

}  // namespace stave
