// Row groups end at kRowGroupBytes of waiting values, looked at every kLookRows rows.
#include "tools/parquet/file_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "stave/version.h"
#include "tools/parquet/parquet_type.h"

namespace stave::parquet {
namespace {

constexpr std::uint64_t kRowGroupBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kLookRows = 4096;
constexpr std::size_t kWriteBytes = std::size_t{1} << 18;

}  // namespace

FileWriter::FileWriter(const std::vector<Field>& fields, FileMemory& memory, ByteSink sink)
    : memory_(memory), sink_(std::move(sink)), buffers_(std::move(memory.buffers)) {
  SchemaElement root;
  root.name = "schema";
  root.children = static_cast<std::int32_t>(fields.size());
  metadata_.schema.push_back(root);
  metadata_.created_by = "stave version " + version();
  for (const Field& field : fields) {
    metadata_.schema.push_back(schema_element(field.name, field.type));
  }
  const auto is_of = [](const ColumnBuffer& buffer, const Field& field) {
    return buffer.type() == field.type;
  };
  if (!std::equal(buffers_.begin(), buffers_.end(), fields.begin(), fields.end(), is_of)) {
    buffers_.clear();
    for (const Field& field : fields) buffers_.emplace_back(field.type);
  }
}

FileWriter::~FileWriter() {
  for (ColumnBuffer& buffer : buffers_) buffer.clear();
  memory_.buffers = std::move(buffers_);
}

// Cut where a row group may end, which is at fixed rows of the file.
Result<void> FileWriter::append(const Batch& batch, std::span<const std::uint32_t> rows) {
  while (!rows.empty()) {
    const std::size_t count = std::min<std::size_t>(rows.size(), kLookRows - rows_ % kLookRows);
    for (std::size_t column = 0; column < buffers_.size(); ++column) {
      buffers_[column].append(batch.columns[column], rows.first(count));
    }
    rows_ += count;
    rows = rows.subspan(count);
    if (rows_ % kLookRows == 0 && waiting_bytes() >= kRowGroupBytes) {
      if (auto ended = end_row_group(); !ended) return ended;
    }
  }
  return {};
}

std::uint64_t FileWriter::waiting_bytes() const {
  std::uint64_t bytes = 0;
  for (const ColumnBuffer& buffer : buffers_) bytes += buffer.bytes();
  return bytes;
}

Result<void> FileWriter::write_waiting() {
  auto written = sink_(waiting_);
  written_ += waiting_.size();
  waiting_.clear();
  return written;
}

Result<void> FileWriter::end_row_group() {
  if (rows_ == 0) return {};
  if (position() == 0) waiting_ = kMagic;
  RowGroup group;
  group.rows = static_cast<std::int64_t>(rows_);
  group.file_offset = static_cast<std::int64_t>(position());
  for (std::size_t column = 0; column < buffers_.size(); ++column) {
    auto chunk = write_chunk(buffers_[column], metadata_.schema[column + 1], memory_.chunks,
                             position(), waiting_);
    if (!chunk) return pass(chunk);
    group.uncompressed_bytes += chunk->uncompressed_bytes;
    group.compressed_bytes += chunk->compressed_bytes;
    group.columns.push_back(std::move(*chunk));
    buffers_[column].clear();
    if (waiting_.size() < kWriteBytes) continue;
    if (auto written = write_waiting(); !written) return written;
  }
  metadata_.rows += group.rows;
  metadata_.row_groups.push_back(std::move(group));
  rows_ = 0;
  return {};
}

Result<void> FileWriter::finish() {
  if (auto ended = end_row_group(); !ended) return ended;
  if (position() == 0) waiting_ = kMagic;
  const std::size_t begin = waiting_.size();
  write_file_metadata(metadata_, waiting_);
  const auto size = static_cast<std::uint32_t>(waiting_.size() - begin);
  waiting_.append(reinterpret_cast<const char*>(&size), sizeof(size));
  waiting_ += kMagic;
  return write_waiting();
}

}  // namespace stave::parquet
