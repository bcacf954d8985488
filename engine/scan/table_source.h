// A stored table as the source of a pipeline: the segments of a fact, or the one column set of a
// dimension. Files are opened when first asked for.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/scan/block_vector.h"
#include "engine/scan/source.h"

namespace stave {

struct StoredTest;  // engine/scan/stored_test.h

// What of a row can be known from where it lies.
struct ScopeColumns {
  std::vector<int> days;        // columns that are the partition day
  int time = -1;                // the column of the partition time, where scanned
  int cluster_key = -1;         // the column that the clustering relation starts at
  std::string cluster_table;    // and where it leads
  std::string cluster_column;   // the clustering column
  bool zone_is_stores = false;  // then date(time) is the partition day
};

class TableSource final : public PipelineSource {
 public:
  static Result<std::shared_ptr<const TableSource>> open(const ScanNode& scan,
                                                         ExecutionContext& context);

  std::size_t columns() const override { return columns_.size(); }
  Result<ColumnShape> shape(int column, const std::vector<RowSpan>& spans) const override;
  std::vector<RowSpan> spans() const override;
  std::uint32_t block_rows() const override { return kBlockRows; }
  std::unique_ptr<SourceWorker> make_worker() const override;
  Result<Vector> read(const Morsel& morsel, int column, SourceWorker& worker) const override;
  Result<Vector> read_selected(const Morsel& morsel, int column, const std::uint64_t* bits,
                               std::uint32_t kept, SourceWorker& worker) const override;
  bool has_absent_rows() const override { return present_.exists(); }
  Result<Vector> present(const Morsel& morsel, SourceWorker& worker) const override;
  const TableSource* table() const override { return this; }
  // Bits of the morsel's rows that pass; what lies beyond them is clear. `number` tells the tests
  // of a reader apart.
  Result<void> test(const Morsel& morsel, const StoredTest& test, std::size_t number,
                    SourceWorker& worker, std::uint64_t* bits) const;

  const TableSchema& schema() const { return *schema_; }
  bool is_partitioned() const { return is_partitioned_; }
  bool is_clustered() const { return is_clustered_; }
  const ScopeColumns& scope_columns() const { return scope_; }
  // The dictionary of the clustering column.
  const std::shared_ptr<const Dictionary>& cluster_dictionary() const { return clusters_; }
  Type cluster_type() const { return cluster_type_; }

  // Facts: by day, then id, kNoDay last.
  const SegmentState& segment(std::uint32_t index) const { return *segments_[index]; }
  std::size_t segments() const { return segments_.size(); }
  bool is_stale(std::uint32_t index) const;
  bool is_fact() const { return is_fact_; }
  // Opens what `file` will be asked for, in all threads; what does not open is told by `file`.
  void open_files(const std::vector<int>& columns, const std::vector<RowSpan>& spans,
                  ExecutionContext& context) const;
  // Null where the segment has no file for it: every value is null. Column: of the scan.
  Result<const ColumnFileReader*> file(std::uint32_t segment, int column) const;
  const FileReference* reference(std::uint32_t segment, int column) const;
  Type column_type(int column) const { return columns_[static_cast<std::size_t>(column)].type; }
  bool is_day(int column) const {
    return columns_[static_cast<std::size_t>(column)].position == kDayColumn;
  }
  bool is_coded(int column) const {
    return columns_[static_cast<std::size_t>(column)].dictionary != nullptr;
  }
  // Whether blocks of the column can be asked for values that pass a test.
  bool is_testable(int column) const {
    const Physical physical = columns_[static_cast<std::size_t>(column)].physical;
    return !is_day(column) && (physical == Physical::kCode || physical == Physical::kInt64);
  }
  const std::shared_ptr<const Dictionary>& dictionary(int column) const {
    return columns_[static_cast<std::size_t>(column)].dictionary;
  }

 private:
  struct Column {
    int position = 0;  // in the schema
    Type type;
    Physical physical = Physical::kInt64;
    Representation representation = Representation::kInt64;
    std::shared_ptr<const Dictionary> dictionary;
  };

  TableSource(const Snapshot& snapshot) : snapshot_(snapshot) {}
  // The reader in a slot of `files_`, made by `open` where it is asked for first.
  template <typename Open>
  Result<const ColumnFileReader*> opened(std::size_t slot, Open open) const;
  // Tells which positions hold a row.
  Result<const ColumnFileReader*> present_file() const;

  // The column of the scan whose values tell what to expect in this one; -1: none.
  int key_of(std::uint32_t segment, int column) const;
  void note_read(std::size_t column, const BlockSummary& block) const;

  const Snapshot& snapshot_;
  const TableSchema* schema_ = nullptr;
  const TableState* state_ = nullptr;
  bool is_fact_ = false;
  bool is_partitioned_ = false;
  bool is_clustered_ = false;
  std::vector<Column> columns_;
  std::vector<const SegmentState*> segments_;
  FileReference present_;
  ScopeColumns scope_;
  std::shared_ptr<const Dictionary> clusters_;
  Type cluster_type_;
  std::uint64_t latest_change_ = 0;
  // Asked for once for each morsel and column.
  struct File {
    std::atomic<const ColumnFileReader*> known{nullptr};
    std::unique_ptr<ColumnFileReader> reader;  // under mutex_
  };
  mutable std::mutex mutex_;
  mutable std::vector<File> files_;  // by segment then column; the last one is `present`
};

}  // namespace stave
