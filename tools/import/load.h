// What the parts of one load share. Made by import.cc, alive until the commit.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "stave/import.h"
#include "storage/transaction.h"
#include "tools/import/cell_parser.h"
#include "tools/import/correction_files.h"
#include "tools/import/load_table.h"
#include "tools/import/new_column.h"
#include "tools/import/piece_store.h"
#include "tools/import/reject_file.h"

namespace stave::loading {

// The day under which all rows of a dimension are kept.
inline constexpr std::int32_t kDimensionDay = 0;

// Lines behind a file's beginning that were not taken for rows.
struct PassedOver {
  std::uint64_t header_echoes = 0;
  std::uint64_t empty_rows = 0;
  std::uint64_t row_counts = 0;
};

struct Load {
  const ImportOptions& options;
  Transaction& transaction;
  LoadTable& table;
  ValueParser values;  // to be copied, one for each thread
  int threads = 1;
  std::uint64_t load_id = 0;
  LoadDomains domains;
  PieceStore pieces;
  RejectFile& rejects;  // of all loads of the run
  CorrectionFiles& corrections;
  std::vector<std::unique_ptr<NewColumn>> new_columns;  // by column; null for the schema's
  std::vector<PassedOver> passed_over;                  // by file
  std::uint64_t rows = 0;                               // accepted by the parser
  // Positions of a dimension that rows of the load went to, as RowTargets has them; kept only where
  // the load is shown before its commit.
  std::vector<std::uint32_t> touched;
  bool numbers_rows = false;  // pieces keep the numbers of their rows in the chunk

  bool cancelled() const { return options.cancelled != nullptr && options.cancelled->load(); }
};

inline Failure cancelled_failure() {
  return fail(ErrorCode::kCancelled, "The import was cancelled; the store is as it was.");
}

}  // namespace stave::loading
