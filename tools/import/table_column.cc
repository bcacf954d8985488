// Block by block, so that only the column itself is held whole.
#include "tools/import/table_column.h"

#include <algorithm>

namespace stave::loading {

void TableColumn::resize(std::uint64_t rows) {
  size = rows;
  switch (physical) {
    case Physical::kCode:
      codes.resize(rows);
      return;
    case Physical::kInt64:
      int64s.resize(rows);
      break;
    case Physical::kInt128:
      int128s.resize(rows);
      break;
    case Physical::kFloat64:
      float64s.resize(rows);
      break;
    case Physical::kString:
      strings.resize(rows);
      break;
  }
  valid.resize(rows);
}

void TableColumn::start(std::uint64_t rows) {
  codes.clear();
  int64s.clear();
  int128s.clear();
  float64s.clear();
  strings.clear();
  valid.clear();
  texts.clear();
  resize(rows);
}

Result<void> read_table_column(Transaction& transaction, const FileReference& file,
                               Physical physical, std::uint64_t size, TableColumn& out) {
  out = TableColumn();
  out.physical = physical;
  out.resize(size);
  if (!file.exists()) return {};
  Result<std::unique_ptr<ColumnFileReader>> reader =
      ColumnFileReader::open(transaction.files(), file, physical);
  if (!reader) return pass(reader);
  DecodedBlock block;
  std::uint64_t row = 0;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size() && row < size; ++i) {
    if (Result<void> read = (*reader)->read_block(i, block); !read) return read;
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(block.rows, size - row));
    const auto to = static_cast<std::ptrdiff_t>(row);
    switch (physical) {
      case Physical::kCode:
        std::copy_n(block.codes.begin(), count, out.codes.begin() + to);
        break;
      case Physical::kInt64:
        std::copy_n(block.int64s.begin(), count, out.int64s.begin() + to);
        break;
      case Physical::kInt128:
        std::copy_n(block.int128s.begin(), count, out.int128s.begin() + to);
        break;
      case Physical::kFloat64:
        std::copy_n(block.float64s.begin(), count, out.float64s.begin() + to);
        break;
      case Physical::kString:
        for (std::ptrdiff_t at = 0; at < count; ++at) {
          out.strings[row + static_cast<std::uint64_t>(at)] =
              out.texts.copy(block.strings[static_cast<std::size_t>(at)]);
        }
        break;
    }
    if (physical != Physical::kCode) {
      for (std::size_t at = 0; at < static_cast<std::size_t>(count); ++at) {
        out.valid.set(row + at,
                      block.validity.empty() || (block.validity[at / 64] >> (at % 64) & 1) != 0);
      }
    }
    row += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<void> append_table_column(ColumnFileWriter& writer, const TableColumn& column) {
  ColumnValues values;
  values.physical = column.physical;
  values.rows = static_cast<std::uint32_t>(column.size);
  values.codes = column.codes;
  values.int64s = column.int64s;
  values.int128s = column.int128s;
  values.float64s = column.float64s;
  values.strings = column.strings;
  const bool may_hold_nulls =
      column.physical != Physical::kCode && !column.valid.are_all(0, column.size);
  if (may_hold_nulls) values.validity = column.valid.words(0, column.size);
  return writer.append(values);
}

Result<FileReference> write_table_column(Transaction& transaction, const std::string& path,
                                         const TableColumn& column, int threads) {
  ColumnFileWriter writer(transaction.files(), path, column.physical, {});
  writer.work_with(threads);
  if (Result<void> appended = append_table_column(writer, column); !appended) return pass(appended);
  return writer.finish();
}

}  // namespace stave::loading
