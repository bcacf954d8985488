// A whole column of a dimension as it is stored, in memory: what an import needs of rows that
// exist.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/column_file.h"
#include "storage/transaction.h"
#include "tools/import/text_arena.h"
#include "tools/import/valid_rows.h"

namespace stave::loading {

// The vector of `physical` holds `size` values; what the file does not reach is null. Codes have no
// validity.
struct TableColumn {
  Physical physical = Physical::kInt64;
  std::uint64_t size = 0;
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  ValidRows valid;
  TextArena texts;

  void resize(std::uint64_t rows);
  // So many rows that hold nothing; the memory stays.
  void start(std::uint64_t rows);
  bool is_null(std::uint64_t row) const {
    return physical == Physical::kCode ? codes[row] == 0 : !valid[row];
  }
};

Result<void> read_table_column(Transaction& transaction, const FileReference& file,
                               Physical physical, std::uint64_t size, TableColumn& out);

// All of it, or the next part of a larger column.
Result<void> append_table_column(ColumnFileWriter& writer, const TableColumn& column);
// Writes it as a new file of table and column.
Result<FileReference> write_table_column(Transaction& transaction, const std::string& path,
                                         const TableColumn& column, int threads = 1);

}  // namespace stave::loading
