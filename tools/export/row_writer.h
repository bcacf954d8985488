// A file of rows in one of the formats of an export, written batch by batch.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/vector.h"
#include "query/values/program_zone.h"
#include "stave/export.h"
#include "tools/parquet/file_writer.h"

namespace stave {

class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // These rows of the batch.
  virtual Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows) = 0;
  // Memory that is held until more rows have come, about; `release` writes it out.
  virtual std::uint64_t waiting_bytes() const = 0;
  virtual Result<void> release() = 0;
  virtual Result<void> finish() = 0;
};

using ByteSink = std::function<Result<void>(std::string_view)>;

// How all files of an export are written, with memory that one thread uses again from file to file.
class RowFormat {
 public:
  RowFormat(ExportFormat format, ExportCompression compression, ProgramZone zone);

  std::unique_ptr<RowWriter> make_writer(const std::vector<Field>& fields, ByteSink sink);
  // What names of files end in, with the dot.
  std::string_view extension() const;

 private:
  ExportFormat format_;
  ProgramZone zone_;  // times in text
  parquet::FileMemory parquet_;
};

}  // namespace stave
