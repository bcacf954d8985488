// Where a pipeline's rows come from: a stored table or a relation in memory.
// Invariant: immutable and shared by threads; each thread brings its own SourceWorker.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/evaluator.h"
#include "engine/pipeline.h"
#include "engine/scan/row_span.h"

namespace stave {

class SourceWorker {
 public:
  virtual ~SourceWorker() = default;
};

class TableSource;

// What readers did so far. Thread-safe.
struct SourceCounters {
  std::atomic<std::uint64_t> rows_read{0};
  std::atomic<std::uint64_t> rows_passed{0};
  std::atomic<std::uint64_t> bytes_read{0};
  std::atomic<std::uint64_t> nanoseconds{0};
  std::atomic<std::uint64_t> columns_read{0};  // a bit for each; the last is for all further ones
};

class PipelineSource {
 public:
  virtual ~PipelineSource() = default;
  SourceCounters& counters() const { return counters_; }

  virtual std::size_t columns() const = 0;
  // The shape over the spans' rows: ranges and nulls from what files say of their blocks.
  virtual Result<ColumnShape> shape(int column, const std::vector<RowSpan>& spans) const = 0;
  // All rows, by segment.
  virtual std::vector<RowSpan> spans() const = 0;
  // The last rows of the blocks that a span lies in end at multiples of this within a segment; 0:
  // segments are not cut.
  virtual std::uint32_t block_rows() const = 0;
  virtual std::unique_ptr<SourceWorker> make_worker() const = 0;
  virtual Result<Vector> read(const Morsel& morsel, int column, SourceWorker& worker) const = 0;
  // The rows whose bit is set; `kept` is their number.
  virtual Result<Vector> read_selected(const Morsel& morsel, int column, const std::uint64_t* bits,
                                       std::uint32_t kept, SourceWorker& worker) const = 0;
  // Whether rows may be absent, and bits of those that are there.
  virtual bool has_absent_rows() const = 0;
  virtual Result<Vector> present(const Morsel& morsel, SourceWorker& worker) const = 0;
  // Null where this is no stored table.
  virtual const TableSource* table() const { return nullptr; }

 private:
  mutable SourceCounters counters_;
};

}  // namespace stave
