// Filters and projections rewritten over their source: see engine/pipeline.h.
#include "engine/pipeline.h"

#include <algorithm>
#include <mutex>
#include <span>

#include "engine/make_expression.h"
#include "engine/scan/damaged_segments.h"
#include "engine/scan/pruning.h"
#include "engine/scan/reader.h"
#include "engine/scan/relation_source.h"
#include "engine/scan/scope_batch.h"
#include "engine/scan/scope_expression.h"
#include "engine/scan/table_source.h"

namespace stave {

struct Pipeline::Extent {
  std::once_flag once;
  Pruned pruned;
};

namespace {

std::vector<Expression> identity(const std::vector<Field>& fields) {
  std::vector<Expression> outputs;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    outputs.push_back(column_expression(i, fields[i].type));
  }
  return outputs;
}

// The expression with columns replaced by what computes them.
Expression over(const std::vector<Expression>& outputs, const Expression& expression) {
  if (expression.kind == ExpressionKind::kColumn) {
    return outputs[static_cast<std::size_t>(expression.column)];
  }
  Expression result = expression;
  for (Expression& argument : result.arguments) argument = over(outputs, argument);
  return result;
}

bool is_over_only(const Expression& expression, int column) {
  if (expression.kind == ExpressionKind::kColumn) return expression.column == column;
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [&](const Expression& argument) { return is_over_only(argument, column); });
}

// The parts of a conjunction: each must be true.
void split(const Expression& expression, std::vector<Expression>& parts) {
  if (expression.kind == ExpressionKind::kCall && expression.function == Function::kAnd) {
    for (const Expression& argument : expression.arguments) split(argument, parts);
  } else {
    parts.push_back(expression);
  }
}

}  // namespace

Result<Pipeline> Pipeline::over_scan(const ScanNode& scan, std::vector<Field> fields,
                                     ExecutionContext& context) {
  auto source = TableSource::open(scan, context);
  if (!source) return pass(source);
  Pipeline pipeline;
  pipeline.context_ = &context;
  pipeline.outputs_ = identity(fields);
  pipeline.fields_ = std::move(fields);
  pipeline.source_ = std::move(*source);
  pipeline.extent_ = std::make_shared<Extent>();
  if (scan.predicate) return pipeline.filtered(*scan.predicate);
  return pipeline;
}

Pipeline Pipeline::over_relation(std::shared_ptr<const Relation> relation) {
  Pipeline pipeline;
  pipeline.fields_ = relation->fields;
  pipeline.outputs_ = identity(pipeline.fields_);
  pipeline.source_ = relation_source(std::move(relation));
  pipeline.extent_ = std::make_shared<Extent>();
  return pipeline;
}

Pipeline Pipeline::filtered(const Expression& predicate) const {
  Pipeline pipeline = *this;
  split(over(outputs_, predicate), pipeline.predicates_);
  pipeline.extent_ = std::make_shared<Extent>();
  return pipeline;
}

Pipeline Pipeline::projected(const std::vector<NamedExpression>& columns,
                             const std::vector<Field>& fields) const {
  Pipeline pipeline = *this;
  pipeline.outputs_.clear();
  for (const NamedExpression& column : columns) {
    pipeline.outputs_.push_back(over(outputs_, column.expression));
  }
  pipeline.fields_ = fields;
  return pipeline;
}

const Pruned& Pipeline::extent() const {
  std::call_once(extent_->once, [&] {
    if (context_ != nullptr) {
      extent_->pruned = prune(*source_, predicates_, *context_);
      if (source_->table() != nullptr) {
        leave_out_damaged(*source_->table(), *context_, extent_->pruned.spans);
      }
    } else {
      extent_->pruned.spans = source_->spans();
      extent_->pruned.is_decided.assign(predicates_.size(), false);
    }
  });
  return extent_->pruned;
}

std::uint64_t Pipeline::rows() const {
  std::uint64_t rows = 0;
  for (const RowSpan& span : extent().spans) rows += span.rows;
  return rows;
}

ScanProfile Pipeline::scan_profile() const {
  const TableSource& table = *source_->table();
  const SourceCounters& counters = source_->counters();
  ScanProfile profile;
  profile.rows_read = counters.rows_read;
  profile.rows_passed = counters.rows_passed;
  profile.bytes_read = counters.bytes_read;
  profile.nanoseconds = counters.nanoseconds;
  const auto blocks_of = [](std::uint64_t first, std::uint64_t rows) {
    return (first + rows + kBlockRows - 1) / kBlockRows - first / kBlockRows;
  };
  for (const RowSpan& span : source_->spans()) {
    profile.rows += span.rows;
    profile.blocks += blocks_of(span.first_row, span.rows);
    for (std::size_t column = 0; column < table.columns(); ++column) {
      const std::uint64_t bit = counters.columns_read >> std::min<std::size_t>(column, 63) & 1;
      const FileReference* file = table.is_day(static_cast<int>(column))
                                      ? nullptr
                                      : table.reference(span.segment, static_cast<int>(column));
      if (bit != 0 && file != nullptr) profile.bytes += file->size;
    }
  }
  std::uint64_t kept = 0;
  const RowSpan* before = nullptr;
  for (const RowSpan& span : extent().spans) {
    kept += blocks_of(span.first_row, span.rows);
    const bool shares_block =
        before != nullptr && before->segment == span.segment &&
        (before->first_row + before->rows - 1) / kBlockRows == span.first_row / kBlockRows;
    kept -= shares_block ? 1U : 0U;
    before = &span;
  }
  profile.blocks_pruned = profile.blocks - kept;
  return profile;
}

void Pipeline::cut(std::uint32_t segment, std::uint32_t first_row, std::uint32_t rows,
                   std::vector<Morsel>& morsels) const {
  const std::uint32_t block_rows = source_->block_rows();
  const std::uint32_t most = context_ != nullptr && context_->options().batch_rows > 0
                                 ? context_->options().batch_rows
                                 : ~std::uint32_t{0};
  const std::uint32_t end = first_row + rows;
  for (std::uint32_t row = first_row; row < end;) {
    Morsel morsel;
    morsel.segment = segment;
    morsel.first_row = row;
    morsel.rows = std::min(end - row, most);
    if (block_rows > 0) {
      morsel.block = row / block_rows;
      morsel.rows = std::min(morsel.rows, block_rows - row % block_rows);
    }
    row += morsel.rows;
    morsels.push_back(morsel);
  }
}

std::vector<Morsel> Pipeline::morsels(MorselCut cut_at) const {
  std::vector<Morsel> morsels;
  const TableSource* table = source_->table();
  const bool by_run = cut_at == MorselCut::kRuns && table != nullptr && table->is_clustered();
  for (const RowSpan& span : extent().spans) {
    if (!by_run) {
      cut(span.segment, span.first_row, span.rows, morsels);
      continue;
    }
    const std::uint32_t end = span.first_row + span.rows;
    for (const ClusterRun& run : table->segment(span.segment).runs) {
      const std::uint32_t first = std::max(span.first_row, run.first_row);
      const std::uint32_t last = std::min(end, run.first_row + run.rows);
      if (first < last) cut(span.segment, first, last - first, morsels);
    }
  }
  return morsels;
}

bool Pipeline::has_days() const {
  return source_->table() != nullptr && source_->table()->is_partitioned();
}

bool Pipeline::has_clusters() const {
  return has_days() && source_->table()->is_clustered();
}

std::vector<Scope> Pipeline::scopes(ScopeKind kind) const {
  std::vector<Scope> scopes;
  if (!has_days()) return scopes;
  const TableSource& table = *source_->table();
  const std::vector<RowSpan>& spans = extent().spans;
  const auto add = [&](Scope& scope, const RowSpan& span, std::uint32_t first, std::uint32_t rows) {
    const std::size_t before = scope.morsels.size();
    cut(span.segment, first, rows, scope.morsels);
    // The other runs of a span are read next.
    const std::uint32_t last_block = (span.first_row + span.rows - 1) / kBlockRows;
    for (Morsel& morsel : std::span(scope.morsels).subspan(before)) {
      morsel.blocks_ahead = last_block - morsel.block;
    }
    scope.rows += rows;
  };
  struct Run {
    std::uint32_t code;
    std::size_t span;
    std::uint32_t first_row;
    std::uint32_t rows;
  };
  std::vector<Run> runs;  // of a day
  // Code 0, the unknown, is last: its predecessor as an unsigned number is the greatest.
  const auto comes_before = [](const Run& left, const Run& right) {
    return left.code - 1 < right.code - 1;
  };
  for (std::size_t first = 0; first < spans.size();) {
    // Spans are by segment and segments by day: a day is a stretch of spans.
    const std::int32_t day = table.segment(spans[first].segment).day;
    std::size_t last = first;
    bool exact = kind == ScopeKind::kDayAndCluster && table.is_clustered();
    for (; last < spans.size() && table.segment(spans[last].segment).day == day; ++last) {
      exact = exact && !table.is_stale(spans[last].segment);
    }
    if (!exact) {
      Scope& scope = scopes.emplace_back();
      scope.day = day;
      for (std::size_t i = first; i < last; ++i) {
        add(scope, spans[i], spans[i].first_row, spans[i].rows);
      }
    } else {
      runs.clear();
      for (std::size_t i = first; i < last; ++i) {
        const std::uint32_t end = spans[i].first_row + spans[i].rows;
        for (const ClusterRun& run : table.segment(spans[i].segment).runs) {
          const std::uint32_t from = std::max(spans[i].first_row, run.first_row);
          const std::uint32_t to = std::min(end, run.first_row + run.rows);
          if (from < to) runs.push_back({run.code, i, from, to - from});
        }
      }
      // Mostly so already: a day has one segment, whose runs come by code.
      if (!std::is_sorted(runs.begin(), runs.end(), comes_before)) {
        std::stable_sort(runs.begin(), runs.end(), comes_before);
      }
      for (std::size_t i = 0; i < runs.size(); ++i) {
        if (i == 0 || runs[i].code != runs[i - 1].code) {
          Scope& scope = scopes.emplace_back();
          scope.day = day;
          scope.has_code = true;
          scope.code = runs[i].code;
        }
        add(scopes.back(), spans[runs[i].span], runs[i].first_row, runs[i].rows);
      }
    }
    first = last;
  }
  return scopes;
}

std::optional<Expression> Pipeline::over_scope(const Expression& expression, ScopeKind kind) const {
  if (!has_days()) return std::nullopt;
  return scope_expression(over(outputs_, expression), kind, *source_->table());
}

bool Pipeline::determines_day(const Expression& expression) const {
  return has_days() && implies_day(over(outputs_, expression), *source_->table());
}

bool Pipeline::determines_cluster(const Expression& expression) const {
  if (!has_clusters()) return false;
  const Expression over_source = over(outputs_, expression);
  const int key = source_->table()->scope_columns().cluster_key;
  if (over_source.kind == ExpressionKind::kColumn) {
    return over_source.column >= 0 && over_source.column == key;
  }
  const auto constant = over_scope(expression, ScopeKind::kDayAndCluster);
  return constant && constant->kind == ExpressionKind::kColumn && constant->column == 1;
}

bool Pipeline::determines(const Expression& by, const std::vector<Expression>& expressions) const {
  const Expression column = over(outputs_, by);
  return column.kind == ExpressionKind::kColumn &&
         std::all_of(expressions.begin(), expressions.end(), [&](const Expression& expression) {
           return is_over_only(over(outputs_, expression), column.column);
         });
}

Batch Pipeline::scope_values(const std::vector<Scope>& scopes) const {
  std::vector<ScopeKey> keys;
  keys.reserve(scopes.size());
  for (const Scope& scope : scopes) keys.push_back({scope.day, scope.has_code, scope.code});
  return scope_batch(keys, *source_->table());
}

std::vector<ColumnShape> Pipeline::scope_shapes() const {
  return scope_shapes_of(*source_->table());
}

Result<std::shared_ptr<const Pipeline::Reader>> Pipeline::read(
    const std::vector<Expression>& expressions, ExecutionContext& context, Repeats repeats) const {
  const Pruned& pruned = extent();
  std::vector<Expression> predicates;
  for (std::size_t i = 0; i < predicates_.size(); ++i) {
    if (!pruned.is_decided[i]) predicates.push_back(predicates_[i]);
  }
  std::vector<Expression> outputs;
  outputs.reserve(expressions.size());
  for (const Expression& expression : expressions) outputs.push_back(over(outputs_, expression));
  return make_reader(source_, pruned, predicates, outputs, repeats, context);
}

Result<std::shared_ptr<const Pipeline::Reader>> Pipeline::read_all(
    ExecutionContext& context) const {
  return read(identity(fields_), context);
}

}  // namespace stave
