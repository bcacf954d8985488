// A source (a stored table cut into morsels, or a relation in memory) with the filters and
// projections above it fused into it: what aggregation, sort and joins read from.
// Filters and projections are rewritten to expressions over the source, so only what a consumer
// asks for is ever computed, and only for the rows that pass. Invariant: the morsels of a pipeline
// and what each gives do not depend on threads; a pipeline is immutable and every thread reads
// through its own Worker.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/plan.h"
#include "engine/run_profile.h"
#include "engine/vector.h"

namespace stave {

class PipelineSource;  // engine/scan/source.h
struct Pruned;         // engine/scan/pruning.h

// The unit of reading: rows of one block of one segment (dimensions: one segment; relations: one
// batch). Plain data; give it back to the pipeline that made it.
struct Morsel {
  std::uint32_t segment = 0;  // position in the source's list: by day, then id; kNoDay last
  std::uint32_t block = 0;
  std::uint32_t first_row = 0;  // in the segment
  std::uint32_t rows = 0;       // before filters; never 0
  // A hint: so many blocks after this one the same thread reads next.
  std::uint32_t blocks_ahead = 0;
};

// How to cut: whole blocks, or blocks cut again where the clustering code changes.
enum class MorselCut : std::uint8_t { kBlocks, kRuns };

// kMayGo: of rows that a thread reads of one segment, those may be left out of which everything
// that is read equals an earlier one's.
enum class Repeats : std::uint8_t { kStay, kMayGo };

enum class ScopeKind : std::uint8_t { kDay, kDayAndCluster };

// All rows of one partition day (or of one day and clustering code) over all segments of that day.
// Scopes do not overlap, together hold all rows that may pass, and are ordered by day (kNoDay
// last), then by code (null last).
struct Scope {
  std::int32_t day = kNoDay;  // kNoDay: rows without a time, their day is null
  // kDayAndCluster: `code` is the clustering value of all rows. False where a segment of the day is
  // stale: then the scope is the whole day, and the value must be computed row by row.
  bool has_code = false;
  std::uint32_t code = kNullCode;
  std::vector<Morsel> morsels;
  std::uint64_t rows = 0;  // before filters
};

class Pipeline {
 public:
  class Reader;
  // Reading memory of one thread, made by a Reader. Keeps the last decoded block of each column of
  // the last few segments, so that neighbouring morsels of one block decode it once.
  class Worker {
   public:
    virtual ~Worker() = default;
  };

  static Result<Pipeline> over_scan(const ScanNode& scan, std::vector<Field> fields,
                                    ExecutionContext& context);
  static Pipeline over_relation(std::shared_ptr<const Relation> relation);
  // The pipeline with a stage added above. A pipeline must not outlive the context of its scan.
  Pipeline filtered(const Expression& predicate) const;
  Pipeline projected(const std::vector<NamedExpression>& columns,
                     const std::vector<Field>& fields) const;

  const std::vector<Field>& fields() const { return fields_; }
  // Rows before filters, after days, runs and blocks that cannot match were left out.
  std::uint64_t rows() const;
  bool is_filtered() const { return !predicates_.empty(); }
  // What was read so far by this pipeline and those made of the same scan. Of a stored table only.
  ScanProfile scan_profile() const;
  bool is_same_scan(const Pipeline& other) const { return source_ == other.source_; }

  // In store order.
  std::vector<Morsel> morsels(MorselCut cut) const;

  // Whether this is a fact table partitioned by day (and clustered too), so that scopes exist.
  bool has_days() const;
  bool has_clusters() const;
  std::vector<Scope> scopes(ScopeKind kind) const;

  // The expression (over fields()) as one over a scope's constants, where it is constant within
  // every scope that has its facts: fields then are column 0, the day, and column 1, the clustering
  // value. Sees through projections; knows the day column, date and bucket of the time column in
  // the store's zone, the look-up of the clustering value, and functions of these.
  std::optional<Expression> over_scope(const Expression& expression, ScopeKind kind) const;
  // Whether equal values of it imply the same day: the day itself, its date, buckets of the time
  // column that lie within a day. Grouping by such a key can go day by day.
  bool determines_day(const Expression& expression) const;
  // Whether equal values of it imply the same clustering value: it, or what it is looked up by.
  bool determines_cluster(const Expression& expression) const;
  // Whether equal values of `by` imply equal values of all `expressions`: it is a column of the
  // source, and they are computed from it alone.
  bool determines(const Expression& by, const std::vector<Expression>& expressions) const;
  // Columns 0 and 1 of over_scope's expressions, one row for each scope, and their shapes.
  Batch scope_values(const std::vector<Scope>& scopes) const;
  std::vector<ColumnShape> scope_shapes() const;

  // Prepares to read these expressions over fields(): one vector for each. Filters are applied, and
  // batches are dense.
  Result<std::shared_ptr<const Reader>> read(const std::vector<Expression>& expressions,
                                             ExecutionContext& context,
                                             Repeats repeats = Repeats::kStay) const;
  // All fields as they are.
  Result<std::shared_ptr<const Reader>> read_all(ExecutionContext& context) const;

 private:
  struct Extent;
  // What is left of the source, found out when first asked for.
  const Pruned& extent() const;
  Pipeline with_predicates(std::vector<Expression> predicates) const;
  void cut(std::uint32_t segment, std::uint32_t first_row, std::uint32_t rows,
           std::vector<Morsel>& morsels) const;

  ExecutionContext* context_ = nullptr;  // of a scan
  std::vector<Field> fields_;
  std::vector<Expression> outputs_;     // over the source's columns
  std::vector<Expression> predicates_;  // over the source's columns, all must be true
  std::shared_ptr<const PipelineSource> source_;
  std::shared_ptr<Extent> extent_;
};

// Ready to run; shared by all threads.
class Pipeline::Reader {
 public:
  virtual ~Reader() = default;
  // The shapes of the vectors that `read` gives.
  virtual const std::vector<ColumnShape>& shapes() const = 0;
  virtual std::unique_ptr<Worker> make_worker() const = 0;
  // The rows of the morsel that pass, in order; possibly none. `out` stays valid as long as it is
  // held, and should be handed in again so that its memory is reused.
  virtual Result<void> read(const Morsel& morsel, Worker& worker, Batch& out) const = 0;
  // The same of morsels that follow each other in one block, at once; `ends`: how many rows of
  // `out` are of the morsels up to each.
  virtual Result<void> read_neighbours(std::span<const Morsel> morsels, Worker& worker, Batch& out,
                                       std::vector<std::uint32_t>& ends) const = 0;
};

}  // namespace stave
