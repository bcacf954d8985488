// Rows of results as bytes, block by block and column by column; see format-spec/kept-reports.md.
// Invariant: what is read back prints the same text as what was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/values/program_zone.h"
#include "stave/query.h"

namespace stave {

class KeptRowsWriter {
 public:
  explicit KeptRowsWriter(const std::vector<ResultColumn>& columns);
  // The first so many columns of the batch are the result's.
  void add(const ResultBatch& batch, std::uint32_t row);
  std::uint64_t rows() const { return rows_; }
  // All rows so far, compressed.
  std::string finish();

 private:
  void end_block();

  std::vector<Type> types_;
  std::vector<std::string> nulls_;   // of the open block, a byte a row
  std::vector<std::string> values_;  // of the open block
  std::uint32_t open_ = 0;
  std::uint64_t rows_ = 0;
  std::string blocks_;
};

// Gives the rows to `sink`, which was begun already. False where the bytes are damaged.
Result<bool> read_kept_rows(std::string_view bytes, std::uint64_t rows,
                            const std::vector<ResultColumn>& columns, const ProgramZone& zone,
                            ResultSink& sink);

}  // namespace stave
