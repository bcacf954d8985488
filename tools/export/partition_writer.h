// The files of one partition: part-0, part-1 ..., each of a size that engines like.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tools/export/export_folder.h"
#include "tools/export/row_writer.h"

namespace stave {

struct PartFile {
  std::string path;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

class PartitionWriter {
 public:
  // `folder` and `format` must outlive it; files go to `place`, a folder in it.
  PartitionWriter(ExportFolder& folder, RowFormat& format, const std::vector<Field>& fields,
                  std::string place);

  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows);
  std::uint64_t waiting_bytes() const { return writer_ ? writer_->waiting_bytes() : 0; }
  Result<void> release() { return writer_ ? writer_->release() : Result<void>{}; }
  // The files; one without rows where there were none.
  Result<std::vector<PartFile>> finish();

 private:
  Result<void> begin_part();
  Result<void> end_part();

  ExportFolder& folder_;
  RowFormat& format_;
  const std::vector<Field>& fields_;
  std::string place_;
  std::uint64_t rows_ = 0;  // of the part
  std::unique_ptr<ExportFile> file_;
  std::unique_ptr<RowWriter> writer_;
  std::vector<PartFile> parts_;
};

}  // namespace stave
