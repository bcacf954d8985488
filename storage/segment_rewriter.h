// Writing rows of segments of one day again as one segment, in any order, with rows left out.
// Invariant: each row keeps its values and the load that it came with.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "stave/result.h"
#include "storage/column_rows.h"
#include "storage/manifest.h"
#include "storage/predictor.h"
#include "storage/segment_column.h"
#include "storage/segment_packer.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"

namespace stave {

// What to do about a block that cannot be read: fail, or take its rows for nulls, which the caller
// leaves out.
enum class Unreadable { kFails, kIsNull };

// Rows of which `repair` could not tell the load; no load has this number.
inline constexpr std::uint64_t kUnknownLoad = 0;

class SegmentRewriter {
 public:
  // `snapshot` is the state that the transaction began with. Small segments go to `packer`, where
  // there is one.
  SegmentRewriter(Transaction& transaction, const Snapshot& snapshot, const TableSchema& schema,
                  Unreadable unreadable, SegmentPacker* packer = nullptr)
      : transaction_(transaction),
        snapshot_(snapshot),
        schema_(schema),
        table_(*snapshot.manifest().find_table(schema.name)),
        unreadable_(unreadable),
        packer_(packer) {}

  // All rows of a column, one segment after another. One column is in memory at a time.
  Result<ColumnRows> read(std::span<const SegmentState* const> segments, std::size_t column) const;

  // The codes that tell which of the segment's loads each row came with.
  Result<std::vector<std::uint32_t>> read_loads(const SegmentState& segment) const;

  // Row i of the new segment is row order[i] of the segments one after another; there is at least
  // one. Takes the first's id and day, and `runs`, which are of the new order; the cluster version
  // is the caller's. Columns are predicted as they were in the last of the segments that did.
  Result<SegmentState> write(std::span<const SegmentState* const> segments,
                             std::span<const std::uint32_t> order, std::vector<ClusterRun> runs);

  Result<FileReference> write_column(const ColumnRows& rows, std::span<const std::uint32_t> order,
                                     std::int32_t day, const std::string& name, Physical physical,
                                     const ColumnRows::Predict& predict = {},
                                     EncodeOptions options = {}) const;

 private:
  EncodeOptions options_of(std::size_t column) const;
  // Writes the file of a column, or of the loads, where `column` is the number of columns.
  Result<void> write_to(SegmentState& to, std::size_t column, const ColumnRows& rows,
                        std::span<const std::uint32_t> order,
                        const ColumnRows::Predict& predict = {});
  Result<void> write_rows(std::span<const SegmentState* const> segments,
                          std::span<const std::uint32_t> order, std::size_t column,
                          SegmentState& to);
  Result<void> write_predicted(std::span<const SegmentState* const> segments,
                               std::span<const std::uint32_t> order, std::size_t column,
                               std::uint32_t place, const ColumnRows& rows, SegmentState& to);
  Result<void> append(const SegmentState& segment,
                      const Result<std::unique_ptr<ColumnFileReader>>& reader,
                      ColumnRows& rows) const;
  Result<void> write_loads(std::span<const SegmentState* const> segments,
                           std::span<const std::uint32_t> order, SegmentState& to);

  Transaction& transaction_;
  const Snapshot& snapshot_;
  const TableSchema& schema_;
  const TableState& table_;
  Unreadable unreadable_;
  SegmentPacker* packer_;
  bool is_packing_ = false;         // the segment that is being written
  std::vector<std::string> files_;  // its, where it is packed
  Predictors predictors_;
  std::map<std::uint32_t, std::unique_ptr<const RankIndex>> ranks_;  // by place of the predictor
};

// The runs of a segment that has lost all rows but those, which ascend.
std::vector<ClusterRun> runs_of_kept(const SegmentState& segment,
                                     std::span<const std::uint32_t> kept);

}  // namespace stave
