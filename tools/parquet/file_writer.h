// A Parquet file, row group by row group, in memory that does not grow with the file.
// Invariant: the bytes depend on rows and options alone, not on how batches cut them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vector.h"
#include "stave/result.h"
#include "tools/parquet/chunk_writer.h"
#include "tools/parquet/column_buffer.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

using ByteSink = std::function<Result<void>(std::string_view)>;

// What one thread uses again from file to file.
struct FileMemory {
  explicit FileMemory(Compression compression) : chunks(compression) {}

  ChunkMemory chunks;
  std::vector<ColumnBuffer> buffers;  // of the last file, empty
};

class FileWriter {
 public:
  // Names of fields must differ. `memory` must outlive the writer.
  FileWriter(const std::vector<Field>& fields, FileMemory& memory, ByteSink sink);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  // These rows of it.
  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows);
  // Of rows that wait for their row group, about.
  std::uint64_t waiting_bytes() const;
  // Ends the row group, if rows wait for one.
  Result<void> end_row_group();
  // What is left, and the footer. Nothing may be appended afterwards.
  Result<void> finish();

 private:
  Result<void> write_waiting();
  std::uint64_t position() const { return written_ + waiting_.size(); }

  FileMemory& memory_;
  ByteSink sink_;
  FileMetadata metadata_;
  std::vector<ColumnBuffer> buffers_;
  std::uint64_t rows_ = 0;  // that wait
  std::uint64_t written_ = 0;
  std::string waiting_;  // bytes, for large writes: most chunks are small
};

}  // namespace stave::parquet
