// Rows left out before anything is read: see pruning.h.
#include "engine/scan/pruning.h"

#include <algorithm>
#include <optional>

#include "engine/evaluate/compiler.h"
#include "engine/kernels/bitmap.h"
#include "engine/scan/block_condition.h"
#include "engine/scan/block_search.h"
#include "engine/scan/scope_batch.h"
#include "engine/scan/scope_expression.h"

namespace stave {

namespace {

// A run of a segment, or a whole segment where its runs say nothing.
struct Piece {
  RowSpan span;
  ScopeKey key;
};

std::vector<Piece> segments_of(const TableSource& source) {
  std::vector<Piece> pieces;
  for (const RowSpan& span : source.spans()) {
    pieces.push_back({span, {source.segment(span.segment).day, false, kNullCode}});
  }
  return pieces;
}

std::vector<Piece> runs_of(const TableSource& source, const std::vector<Piece>& segments) {
  std::vector<Piece> pieces;
  for (const Piece& whole : segments) {
    const SegmentState& segment = source.segment(whole.span.segment);
    if (source.is_stale(whole.span.segment)) {
      pieces.push_back(whole);
      continue;
    }
    for (const ClusterRun& run : segment.runs) {
      if (run.rows == 0 || run.first_row >= segment.rows) continue;
      const std::uint32_t rows = std::min(run.rows, segment.rows - run.first_row);
      pieces.push_back({{whole.span.segment, run.first_row, rows}, {segment.day, true, run.code}});
    }
  }
  return pieces;
}

// Leaves out the pieces for which the predicate, over (day, cluster), is not true.
bool keep_true(const Expression& over_scope, ScopeKind kind, const TableSource& source,
               std::vector<Piece>& pieces, ExecutionContext& context) {
  std::vector<ScopeKey> keys;
  keys.reserve(pieces.size());
  for (const Piece& piece : pieces) keys.push_back(piece.key);
  auto evaluator = Evaluator::prepare({over_scope}, scope_shapes_of(source), 0, context);
  if (!evaluator) return false;
  Evaluator::Scratch scratch;
  const Batch batch = scope_batch(keys, source);
  std::vector<std::uint64_t> bits(words_for(keys.size()) + 1);
  if (!evaluator->select(batch, scratch, bits.data())) return false;
  std::vector<Piece> kept;
  bool all_known = true;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool known = kind == ScopeKind::kDay || pieces[i].key.has_code;
    if (!known) all_known = false;
    if (!known || bit_at(bits.data(), i)) kept.push_back(pieces[i]);
  }
  pieces = std::move(kept);
  return all_known;
}

// For the blocks of a file, whether their code filters let one of the codes be there; empty where
// there are none to ask.
std::vector<bool> blocks_with(const ColumnFileReader& file, const BlockCondition& condition) {
  std::vector<bool> may_hold;
  const bool is_one = condition.values.empty() && condition.low == condition.high;
  if (!file.has_code_filter() || (!is_one && condition.values.empty())) return may_hold;
  if (condition.values.size() > ValueTest::kMostValues) return may_hold;
  if (is_one) file.note_blocks_of(static_cast<std::uint32_t>(condition.low), may_hold);
  for (const std::int64_t code : condition.values) {
    file.note_blocks_of(static_cast<std::uint32_t>(code), may_hold);
  }
  return may_hold;
}

// Leaves out the blocks that cannot pass by what their directory and their code filters say.
void keep_blocks(const TableSource& source, const BlockCondition& condition,
                 std::vector<RowSpan>& spans, ExecutionContext& context) {
  // Waking a thread takes as long as asking some code filters, and much longer than looking into
  // directories.
  constexpr std::size_t kFewSegments = 8;
  source.open_files({condition.column}, spans, context);
  const std::vector<RowSpan> parts = parts_by_block(spans, source.block_rows());
  std::vector<std::size_t> begins;  // of each segment's parts, and the end
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == 0 || parts[i].segment != parts[i - 1].segment) begins.push_back(i);
  }
  begins.push_back(parts.size());
  std::vector<char> may_pass(parts.size(), 1);
  const auto keep_segment = [&](std::size_t index) {
    Result<const ColumnFileReader*> file =
        source.file(parts[begins[index]].segment, condition.column);
    if (!file) return;
    std::optional<std::vector<bool>> may_hold;
    for (std::size_t i = begins[index]; i < begins[index + 1]; ++i) {
      const std::size_t block = parts[i].first_row / source.block_rows();
      // Without a file all rows are null, and no range is true for them.
      may_pass[i] = *file != nullptr && block < (*file)->blocks().size() &&
                    condition.may_pass((*file)->blocks()[block]);
      if (may_pass[i] == 0) continue;
      if (!may_hold) may_hold = blocks_with(**file, condition);
      if (!may_hold->empty()) may_pass[i] = (*may_hold)[block];
    }
  };
  const std::size_t segments = begins.size() - 1;
  std::size_t filtered = 0;
  for (std::size_t i = 0; i < segments; ++i) {
    const auto file = source.file(parts[begins[i]].segment, condition.column);
    filtered += file && *file != nullptr && (*file)->has_code_filter() ? 1U : 0U;
  }
  if (filtered <= kFewSegments) {
    for (std::size_t i = 0; i < segments; ++i) keep_segment(i);
  } else {
    // Where the run was cancelled, blocks stay, and their reader is told.
    (void)context.parallel_for(segments, [&](std::size_t i, int) -> Result<void> {
      keep_segment(i);
      return {};
    });
  }
  std::vector<RowSpan> kept;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (may_pass[i] != 0) append_span(kept, parts[i]);
  }
  spans = std::move(kept);
}

std::vector<RowSpan> joined(const std::vector<Piece>& pieces) {
  std::vector<RowSpan> spans;
  for (const Piece& piece : pieces) append_span(spans, piece.span);
  return spans;
}

}  // namespace

Pruned prune(const PipelineSource& source, const std::vector<Expression>& predicates,
             ExecutionContext& context) {
  Pruned pruned;
  pruned.is_decided.assign(predicates.size(), false);
  const TableSource* table = source.table();
  if (table == nullptr || predicates.empty()) {
    pruned.spans = source.spans();
    return pruned;
  }
  std::vector<std::optional<Expression>> by_day(predicates.size());
  std::vector<std::optional<Expression>> by_run(predicates.size());
  bool any_run = false;
  for (std::size_t i = 0; i < predicates.size() && table->is_partitioned(); ++i) {
    by_day[i] = scope_expression(predicates[i], ScopeKind::kDay, *table);
    if (by_day[i] || !table->is_clustered()) continue;
    by_run[i] = scope_expression(predicates[i], ScopeKind::kDayAndCluster, *table);
    any_run |= by_run[i].has_value();
  }
  if (table->is_partitioned()) {
    // Days first: they leave fewer runs to look at.
    std::vector<Piece> pieces = segments_of(*table);
    const auto keep = [&](const std::vector<std::optional<Expression>>& known, ScopeKind kind) {
      for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i]) pruned.is_decided[i] = keep_true(*known[i], kind, *table, pieces, context);
      }
    };
    keep(by_day, ScopeKind::kDay);
    if (any_run) {
      pieces = runs_of(*table, pieces);
      keep(by_run, ScopeKind::kDayAndCluster);
    }
    pruned.spans = joined(pieces);
  } else {
    pruned.spans = source.spans();
  }
  Result<const TimeZone*> zone = context.timezone();
  for (const Expression& predicate : predicates) {
    if (!zone || pruned.spans.empty()) break;
    if (const auto condition = block_condition(predicate, *table, **zone)) {
      keep_blocks(*table, *condition, pruned.spans, context);
    }
  }
  for (const Expression& predicate : predicates) {
    if (!zone || pruned.spans.empty()) break;
    const auto test = stored_test(predicate, *table, **zone);
    if (!test) continue;
    auto found = search_blocks(*test, *table, pruned.spans, context);
    if (found != nullptr) pruned.found.push_back(std::move(found));
  }
  return pruned;
}

}  // namespace stave
