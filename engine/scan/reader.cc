// Reading a pipeline: see reader.h.
#include "engine/scan/reader.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/evaluate/compiler.h"
#include "engine/evaluate/may_fault.h"
#include "engine/kernels/bitmap.h"
#include "engine/runtime/select_rows.h"
#include "engine/scan/day_constants.h"
#include "engine/scan/repeated_rows.h"
#include "engine/scan/stored_test.h"
#include "engine/scan/table_source.h"

namespace stave {

namespace {

struct ReaderWorker final : Pipeline::Worker {
  std::unique_ptr<SourceWorker> source;
  std::vector<Evaluator::Scratch> predicates;
  Evaluator::Scratch outputs;
  BufferRecycler buffers;
  std::vector<std::uint64_t> selection;  // the morsel's rows that pass so far
  std::vector<std::uint64_t> cut;        // those of them that `input` holds
  std::vector<std::uint64_t> passing;    // bits over the rows of `input`, or of the morsel
  Batch input;
  std::uint32_t passed = 0;  // rows of the morsel that passed
  MetCodes met;
  // Constants of the day of `constant_segment`, kBlockRows rows long.
  std::vector<Vector> constants;
  std::uint32_t constant_segment = 0;
};

struct Condition {
  Evaluator evaluator;
  bool is_safe = true;  // no value can stop the query, so that rejected rows may be computed too
  // Blocks answer it.
  std::optional<StoredTest> stored;
  std::shared_ptr<const FoundRows> found;  // or have answered it
};

// How dear a predicate is for each row, roughly: its calls, those of strings counting more.
int cost_of(const Expression& expression) {
  int cost = 0;
  if (expression.kind == ExpressionKind::kLookup) cost = 4;
  if (expression.kind == ExpressionKind::kMatch) cost = 20;
  if (expression.kind == ExpressionKind::kCall) {
    const bool of_text =
        expression.function >= Function::kLower || expression.function == Function::kLike;
    cost = of_text ? 50 : 1;
  }
  for (const Expression& argument : expression.arguments) cost += cost_of(argument);
  return cost;
}

class SourceReader final : public Pipeline::Reader {
 public:
  explicit SourceReader(const PipelineSource& source) : constants_(source) {}

  static Result<std::shared_ptr<const Pipeline::Reader>> make(
      std::shared_ptr<const PipelineSource> source, const Pruned& pruned,
      std::vector<Expression> predicates, std::vector<Expression> outputs, Repeats repeats,
      ExecutionContext& context) {
    auto reader = std::make_shared<SourceReader>(*source);
    const std::vector<RowSpan>& spans = pruned.spans;
    DayConstants& constants = reader->constants_;
    std::vector<Expression> daily_predicates;
    std::vector<Expression> daily_outputs;
    daily_predicates.reserve(predicates.size());
    for (const Expression& predicate : predicates) {
      daily_predicates.push_back(constants.over_days(predicate));
    }
    daily_outputs.reserve(outputs.size());
    for (const Expression& output : outputs) daily_outputs.push_back(constants.over_days(output));
    if (constants.compute(spans, context)) {
      predicates = std::move(daily_predicates);
      outputs = std::move(daily_outputs);
    }
    std::vector<bool> needs(source->columns() + constants.shapes().size(), false);
    for (const Expression& predicate : predicates) mark_columns(predicate, needs);
    for (const Expression& output : outputs) mark_columns(output, needs);
    std::vector<ColumnShape> shapes(source->columns());
    if (source->table() != nullptr) {
      std::vector<int> columns;
      for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (needs[i]) columns.push_back(static_cast<int>(i));
      }
      source->table()->open_files(columns, spans, context);
    }
    const auto find_shape = [&](std::size_t i, int) -> Result<void> {
      if (!needs[i]) return {};
      Result<ColumnShape> shape = source->shape(static_cast<int>(i), spans);
      if (!shape) return pass(shape);
      shapes[i] = std::move(*shape);
      return {};
    };
    // Waking a thread takes as long as looking into some directories.
    constexpr std::size_t kFewDirectories = 2048;
    Result<void> shaped;
    if (shapes.size() * spans.size() <= kFewDirectories) {
      for (std::size_t i = 0; shaped && i < shapes.size(); ++i) shaped = find_shape(i, 0);
    } else {
      shaped = context.parallel_for(shapes.size(), find_shape);
    }
    if (!shaped) return pass(shaped);
    shapes.insert(shapes.end(), constants.shapes().begin(), constants.shapes().end());
    std::uint64_t rows = 0;
    for (const RowSpan& span : spans) rows += span.rows;
    // Safe ones first, cheapest first; the others keep their order, since each may count on those
    // before it.
    const auto unsafe =
        std::stable_partition(predicates.begin(), predicates.end(),
                              [](const Expression& predicate) { return !may_fault(predicate); });
    std::stable_sort(predicates.begin(), unsafe, [](const Expression& a, const Expression& b) {
      return cost_of(a) < cost_of(b);
    });
    for (auto predicate = predicates.begin(); predicate != predicates.end(); ++predicate) {
      auto evaluator = Evaluator::prepare({*predicate}, shapes, rows, context);
      if (!evaluator) return pass(evaluator);
      reader->conditions_.push_back(
          {std::move(*evaluator), predicate < unsafe, std::nullopt, nullptr});
    }
    reader->find_stored_tests(*source, predicates, outputs, context);
    for (Condition& condition : reader->conditions_) {
      for (const auto& found : pruned.found) {
        if (condition.stored && condition.stored->is_same(found->test())) condition.found = found;
      }
    }
    auto evaluator = Evaluator::prepare(outputs, shapes, rows, context);
    if (!evaluator) return pass(evaluator);
    reader->outputs_ = std::move(*evaluator);
    if (repeats == Repeats::kMayGo && source->table() != nullptr) {
      reader->repeating_ =
          repeating_column(reader->outputs_.needs(), source->columns(), shapes, spans);
      if (reader->repeating_) {
        reader->codes_ = shapes[static_cast<std::size_t>(*reader->repeating_)].dictionary->size();
      }
    }
    reader->source_ = std::move(source);
    return reader;
  }

  const std::vector<ColumnShape>& shapes() const override { return outputs_.shapes(); }

  std::unique_ptr<Pipeline::Worker> make_worker() const override {
    auto worker = std::make_unique<ReaderWorker>();
    worker->source = source_->make_worker();
    worker->predicates.resize(conditions_.size());
    return worker;
  }

  Result<void> read(const Morsel& morsel, Pipeline::Worker& worker, Batch& out) const override {
    const auto begun = std::chrono::steady_clock::now();
    auto done = read_rows(morsel, worker, out);
    const auto taken = std::chrono::steady_clock::now() - begun;
    SourceCounters& counters = source_->counters();
    counters.rows_read.fetch_add(morsel.rows, std::memory_order_relaxed);
    counters.rows_passed.fetch_add(static_cast<ReaderWorker&>(worker).passed,
                                   std::memory_order_relaxed);
    counters.nanoseconds.fetch_add(
        static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count()),
        std::memory_order_relaxed);
    return done;
  }

  Result<void> read_neighbours(std::span<const Morsel> morsels, Pipeline::Worker& worker,
                               Batch& out, std::vector<std::uint32_t>& ends) const override {
    Morsel all = morsels.front();
    all.rows = morsels.back().first_row + morsels.back().rows - all.first_row;
    if (auto done = read(all, worker, out); !done) return done;
    ends.clear();
    const std::vector<std::uint64_t>& selection = static_cast<ReaderWorker&>(worker).selection;
    for (const Morsel& morsel : morsels) {
      const std::uint32_t end = morsel.first_row + morsel.rows - all.first_row;
      ends.push_back(out.rows == all.rows ? end : count(selection, end));
    }
    return {};
  }

 private:
  Result<void> read_rows(const Morsel& morsel, Pipeline::Worker& worker, Batch& out) const {
    auto& own = static_cast<ReaderWorker&>(worker);
    out.columns.clear();
    out.rows = 0;
    own.passed = 0;
    Batch& input = own.input;
    input.columns.assign(source_->columns() + constants_.shapes().size(), Vector());
    input.rows = morsel.rows;
    own.selection.resize(words_for(morsel.rows));
    kernels::fill_bits(own.selection.data(), morsel.rows);
    std::uint32_t selected = morsel.rows;
    if (source_->has_absent_rows()) {
      Result<Vector> present = source_->present(morsel, *own.source);
      if (!present) return pass(present);
      kernels::bits_of_bytes(present->values<std::uint8_t>(), morsel.rows, own.selection.data());
      if (present->validity != nullptr) {
        kernels::and_bits(own.selection.data(), present->validity, own.selection.size());
      }
      selected = count(own.selection, morsel.rows);
    }
    for (std::size_t i = 0; i < conditions_.size() && selected > 0; ++i) {
      const Condition& condition = conditions_[i];
      if (condition.stored) {
        own.passing.resize(words_for(morsel.rows));
        if (condition.found == nullptr || !condition.found->mark(morsel, own.passing.data())) {
          auto done =
              source_->table()->test(morsel, *condition.stored, i, *own.source, own.passing.data());
          if (!done) return done;
        }
        kernels::and_bits(own.selection.data(), own.passing.data(), own.selection.size());
        selected = count(own.selection, morsel.rows);
        continue;
      }
      // Cutting down costs a copy of each column: worth it where few rows are left, and needed
      // where a rejected row could be a fault.
      const bool cut = selected < input.rows && (!condition.is_safe || selected < input.rows / 4);
      if (cut) cut_down(own, selected);
      if (Result<void> done = load(morsel, condition.evaluator.needs(), own); !done) return done;
      own.passing.resize(words_for(input.rows));
      if (Result<void> done =
              condition.evaluator.select(input, own.predicates[i], own.passing.data());
          !done) {
        return done;
      }
      selected = narrow(own, morsel.rows);
    }
    own.passed = selected;
    if (repeating_ && selected > 0) {
      if (auto done = leave_out_repeats(morsel, own, selected); !done) return done;
    }
    if (selected > 0) {
      if (selected < input.rows) cut_down(own, selected);
      if (Result<void> done = load(morsel, outputs_.needs(), own); !done) return done;
      if (Result<void> done = outputs_.evaluate(input, own.outputs, out.columns); !done) {
        return done;
      }
      out.rows = selected;
    } else {
      for (const ColumnShape& shape : outputs_.shapes()) {
        out.columns.push_back(
            nulls_of(shape.type, shape.representation, shape.dictionary, 0, own.buffers));
      }
    }
    input.columns.clear();
    return {};
  }

  // Of the `selected` rows, which become fewer.
  Result<void> leave_out_repeats(const Morsel& morsel, ReaderWorker& own,
                                 std::uint32_t& selected) const {
    if (selected < own.input.rows) cut_down(own, selected);
    std::vector<bool> needs(own.input.columns.size(), false);
    needs[static_cast<std::size_t>(*repeating_)] = true;
    if (auto done = load(morsel, needs, own); !done) return done;
    const Vector& column = own.input.columns[static_cast<std::size_t>(*repeating_)];
    own.passing.resize(words_for(selected));
    own.met.mark(morsel.segment, codes_, column.values<std::uint32_t>(), selected,
                 own.passing.data());
    selected = narrow(own, morsel.rows);
    return {};
  }

  // A column that is decoded anyway is not asked as well.
  void find_stored_tests(const PipelineSource& source, const std::vector<Expression>& predicates,
                         const std::vector<Expression>& outputs, ExecutionContext& context) {
    const TableSource* const table = source.table();
    if (table == nullptr || predicates.empty()) return;
    Result<const TimeZone*> zone = context.timezone();
    if (!zone) return;
    const std::size_t columns = source.columns() + constants_.shapes().size();
    std::vector<int> uses(columns, 0);
    const auto note_uses = [&](const Expression& expression) {
      std::vector<bool> needs(columns, false);
      mark_columns(expression, needs);
      for (std::size_t i = 0; i < columns; ++i) uses[i] += needs[i] ? 1 : 0;
    };
    for (const Expression& predicate : predicates) note_uses(predicate);
    for (const Expression& output : outputs) note_uses(output);
    for (std::size_t i = 0; i < predicates.size(); ++i) {
      std::vector<bool> needs(columns, false);
      mark_columns(predicates[i], needs);
      bool is_alone = true;
      for (std::size_t column = 0; column < columns; ++column) {
        is_alone = is_alone && (!needs[column] || (column < source.columns() && uses[column] == 1));
      }
      auto test = stored_test(predicates[i], *table, **zone);
      // Values of so many that few rows have them: these are read once more, alone.
      constexpr std::size_t kRowsForEach = 64;
      if (test && (is_alone || names_few(*test, *table, kRowsForEach))) {
        conditions_[i].stored = std::move(test);
      }
    }
  }

  static std::uint32_t count(const std::vector<std::uint64_t>& bits, std::uint32_t rows) {
    return static_cast<std::uint32_t>(kernels::count_bits(bits.data(), rows));
  }

  // Takes `passing`, over the rows of `input`, into `selection`, over those of the morsel.
  static std::uint32_t narrow(ReaderWorker& own, std::uint32_t morsel_rows) {
    if (own.input.rows == morsel_rows) {
      kernels::and_bits(own.selection.data(), own.passing.data(), own.selection.size());
    } else {
      std::size_t at = 0;
      kernels::for_each_bit(own.cut.data(), morsel_rows, [&](std::size_t row) {
        if (!bit_at(own.passing.data(), at++)) clear_bit(own.selection.data(), row);
      });
    }
    return count(own.selection, morsel_rows);
  }

  // Columns loaded so far are read again from the decoded block, which the source still has, cut to
  // the selection when next needed.
  static void cut_down(ReaderWorker& own, std::uint32_t selected) {
    for (Vector& column : own.input.columns) column = Vector();
    own.cut = own.selection;
    own.input.rows = selected;
  }

  Result<void> load(const Morsel& morsel, const std::vector<bool>& needs, ReaderWorker& own) const {
    for (std::size_t i = 0; i < needs.size(); ++i) {
      Vector& column = own.input.columns[i];
      if (!needs[i] || column.data != nullptr) continue;
      if (i >= source_->columns()) {
        column = constant(i - source_->columns(), morsel, own);
        column.size = own.input.rows;
        continue;
      }
      const int number = static_cast<int>(i);
      Result<Vector> read =
          own.input.rows == morsel.rows
              ? source_->read(morsel, number, *own.source)
              : source_->read_selected(morsel, number, own.cut.data(), own.input.rows, *own.source);
      if (!read) return pass(read);
      column = std::move(*read);
    }
    return {};
  }

  // At least as long as the morsel.
  const Vector& constant(std::size_t column, const Morsel& morsel, ReaderWorker& own) const {
    if (own.constants.empty() || own.constant_segment != morsel.segment) {
      own.constants.assign(constants_.shapes().size(), Vector());
      own.constant_segment = morsel.segment;
    }
    Vector& values = own.constants[column];
    if (values.data == nullptr) values = constants_.repeated(column, morsel.segment, kBlockRows);
    return values;
  }

  std::shared_ptr<const PipelineSource> source_;
  DayConstants constants_;
  std::vector<Condition> conditions_;
  Evaluator outputs_;
  std::optional<int> repeating_;  // rows that repeat this column's codes are left out
  std::uint32_t codes_ = 0;       // of it
};

}  // namespace

Result<std::shared_ptr<const Pipeline::Reader>> make_reader(
    std::shared_ptr<const PipelineSource> source, const Pruned& pruned,
    const std::vector<Expression>& predicates, const std::vector<Expression>& outputs,
    Repeats repeats, ExecutionContext& context) {
  return SourceReader::make(std::move(source), pruned, predicates, outputs, repeats, context);
}

}  // namespace stave
