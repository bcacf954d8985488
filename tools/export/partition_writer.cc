// A part ends behind the batch with which it has reached kPartBytes.
#include "tools/export/partition_writer.h"

#include <fmt/format.h>

#include <utility>

namespace stave {
namespace {

constexpr std::uint64_t kPartBytes = std::uint64_t{512} << 20;

}  // namespace

PartitionWriter::PartitionWriter(ExportFolder& folder, RowFormat& format,
                                 const std::vector<Field>& fields, std::string place)
    : folder_(folder), format_(format), fields_(fields), place_(std::move(place)) {}

Result<void> PartitionWriter::begin_part() {
  auto file =
      folder_.create(fmt::format("{}/part-{}{}", place_, parts_.size(), format_.extension()));
  if (!file) return pass(file);
  file_ = std::move(*file);
  writer_ =
      format_.make_writer(fields_, [this](std::string_view bytes) { return file_->append(bytes); });
  rows_ = 0;
  return {};
}

Result<void> PartitionWriter::end_part() {
  if (auto finished = writer_->finish(); !finished) return finished;
  if (auto finished = file_->finish(); !finished) return finished;
  parts_.push_back({file_->path(), rows_, file_->bytes(), file_->checksum()});
  writer_.reset();
  file_.reset();
  return {};
}

Result<void> PartitionWriter::append(const Batch& batch, std::span<const std::uint32_t> rows) {
  if (!writer_) {
    if (auto begun = begin_part(); !begun) return begun;
  }
  rows_ += rows.size();
  if (auto appended = writer_->append(batch, rows); !appended) return appended;
  return file_->bytes() < kPartBytes ? Result<void>{} : end_part();
}

Result<std::vector<PartFile>> PartitionWriter::finish() {
  if (!writer_ && parts_.empty()) {
    if (auto begun = begin_part(); !begun) return pass(begun);
  }
  if (writer_) {
    if (auto ended = end_part(); !ended) return pass(ended);
  }
  return std::move(parts_);
}

}  // namespace stave
