// A Parquet file for reading: its columns, which must be flat, and its row groups.
// Invariant: every chunk lies within the file; every column is of a type that `column_reader.h`
// reads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

class FileReader {
 public:
  static Result<std::unique_ptr<FileReader>> open(std::unique_ptr<ReadableFile> file);

  const ReadableFile& file() const { return *file_; }
  const std::vector<SchemaElement>& columns() const { return columns_; }
  const std::vector<RowGroup>& row_groups() const { return metadata_.row_groups; }

 private:
  explicit FileReader(std::unique_ptr<ReadableFile> file) : file_(std::move(file)) {}
  Result<void> read_footer();
  Result<void> check_columns();
  Result<void> check_row_groups() const;

  std::unique_ptr<ReadableFile> file_;
  FileMetadata metadata_;
  std::vector<SchemaElement> columns_;
  std::uint64_t data_end_ = 0;
};

}  // namespace stave::parquet
