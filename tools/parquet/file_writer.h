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
#include "tools/parquet/column_buffer.h"
#include "tools/parquet/metadata.h"
#include "tools/parquet/page_compression.h"

namespace stave::parquet {

using ByteSink = std::function<Result<void>(std::string_view)>;

class FileWriter {
 public:
  // Names of fields must differ. `compressor` must outlive the writer.
  FileWriter(const std::vector<Field>& fields, PageCompressor& compressor, ByteSink sink);

  // These rows of it.
  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows);
  // Of rows that wait for their row group, about.
  std::uint64_t waiting_bytes() const;
  // Ends the row group, if rows wait for one.
  Result<void> end_row_group();
  // What is left, and the footer. Nothing may be appended afterwards.
  Result<void> finish();

 private:
  Result<void> write(std::string_view bytes);

  PageCompressor& compressor_;
  ByteSink sink_;
  FileMetadata metadata_;
  std::vector<ColumnBuffer> buffers_;
  std::uint64_t rows_ = 0;  // that wait
  std::uint64_t position_ = 0;
  std::string chunk_;
};

}  // namespace stave::parquet
