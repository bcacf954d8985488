// An Arrow IPC file, batch by batch, in memory that does not grow with the file.
// Invariant: the bytes depend on the rows alone, not on how they were cut into batches of the
// engine.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vector.h"
#include "stave/result.h"
#include "tools/arrow/messages.h"
#include "tools/parquet/column_buffer.h"

namespace stave::arrow {

using ByteSink = std::function<Result<void>(std::string_view)>;

class FileWriter {
 public:
  FileWriter(std::vector<Field> fields, ByteSink sink);

  // These rows of the batch.
  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows);
  std::uint64_t waiting_bytes() const;
  Result<void> end_batch();
  Result<void> finish();

 private:
  Result<void> write(std::string_view bytes);
  Result<void> begin();
  Result<void> write_message(std::string message, std::string_view body);

  std::vector<Field> fields_;
  ByteSink sink_;
  std::vector<parquet::ColumnBuffer> buffers_;
  std::uint64_t rows_ = 0;  // that wait
  std::uint64_t position_ = 0;
  std::vector<Block> batches_;
};

}  // namespace stave::arrow
