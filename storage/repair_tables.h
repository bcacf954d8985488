// What is lost of a snapshot's tables, and writing them again without it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "stave/upkeep.h"
#include "storage/column_file.h"
#include "storage/segment_rewriter.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"

namespace stave {

// The rows that are not lost, in order.
std::vector<std::uint32_t> rows_kept(const std::vector<bool>& lost);

class TableRepair {
 public:
  // Changes the manifest of `transaction`, which began with `snapshot`; only tells what it would
  // change where `is_dry`.
  TableRepair(const Snapshot& snapshot, Transaction& transaction, bool is_dry, RepairReport& report)
      : snapshot_(snapshot), transaction_(transaction), is_dry_(is_dry), report_(report) {}

  // Paths of the damaged files and packs. Fails with kDamaged where a key domain has lost values.
  Result<std::vector<std::string>> run();

 private:
  Result<void> check_domains() const;
  // Packs whose bytes are not as they were written, even where no segment needs them any more.
  Result<void> check_packs();
  Result<void> repair_facts(const TableSchema& schema, TableState& table);
  // False where no row is left.
  Result<bool> repair_segment(const TableSchema& schema, const TableState& table,
                              SegmentPacker& packer, SegmentState& segment);
  // Moves what is sound out of damaged packs.
  Result<void> leave_damaged_packs(const std::vector<SegmentState>& segments,
                                   SegmentPacker& packer) const;
  Result<void> repair_rows_of_dimension(const TableSchema& schema, TableState& table);
  Result<void> repair_code_addressed(const TableSchema& schema, TableState& table);
  Result<void> repair_present(const TableSchema& schema, TableState& table);
  Result<void> repair_column(const TableSchema& schema, TableState& table, std::size_t column,
                             std::uint64_t rows_lost);
  // Which rows of the segment have lost a value; empty where none. Notes what is lost.
  Result<std::vector<bool>> find_lost_rows(const TableSchema& schema, const TableState& table,
                                           const SegmentState& segment);
  // Which rows of a segment's column cannot be read; empty where all can, or it is not there.
  Result<std::vector<bool>> lost_rows_of(const TableState& table, const SegmentState& segment,
                                         std::size_t column);
  // The same of a file.
  Result<std::vector<bool>> lost_rows_of(const std::string& path,
                                         const Result<std::unique_ptr<ColumnFileReader>>& reader,
                                         std::uint32_t rows);
  void note_loss(RepairLoss loss);
  std::string cluster_text(const TableSchema& schema, std::uint32_t code) const;

  const Snapshot& snapshot_;
  Transaction& transaction_;
  bool is_dry_;
  RepairReport& report_;
  std::vector<std::string> damaged_;
};

}  // namespace stave
