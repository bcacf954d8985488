// A batch of the file ends at kBatchRows rows or kBatchBytes of values, looked at every kLookRows
// rows.
#include "tools/arrow/file_writer.h"

#include <algorithm>
#include <utility>

#include "tools/arrow/batch_body.h"

namespace stave::arrow {
namespace {

constexpr std::string_view kMagic("ARROW1\0\0", 8);
constexpr std::uint64_t kBatchRows = std::uint64_t{1} << 16;
constexpr std::uint64_t kBatchBytes = std::uint64_t{32} << 20;
constexpr std::uint64_t kLookRows = 1024;
constexpr std::size_t kAlignment = 8;

template <typename T>
void append_number(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

FileWriter::FileWriter(std::vector<Field> fields, ByteSink sink)
    : fields_(std::move(fields)), sink_(std::move(sink)) {
  for (const Field& field : fields_) buffers_.emplace_back(field.type);
}

Result<void> FileWriter::append(const Batch& batch, std::span<const std::uint32_t> rows) {
  while (!rows.empty()) {
    const std::size_t count = std::min<std::size_t>(rows.size(), kLookRows - rows_ % kLookRows);
    for (std::size_t column = 0; column < buffers_.size(); ++column) {
      buffers_[column].append(batch.columns[column], rows.first(count));
    }
    rows_ += count;
    rows = rows.subspan(count);
    if (rows_ >= kBatchRows || (rows_ % kLookRows == 0 && waiting_bytes() >= kBatchBytes)) {
      if (auto ended = end_batch(); !ended) return ended;
    }
  }
  return {};
}

std::uint64_t FileWriter::waiting_bytes() const {
  std::uint64_t bytes = 0;
  for (const parquet::ColumnBuffer& buffer : buffers_) bytes += buffer.bytes();
  return bytes;
}

Result<void> FileWriter::write(std::string_view bytes) {
  position_ += bytes.size();
  return sink_(bytes);
}

Result<void> FileWriter::begin() {
  if (position_ > 0) return {};
  if (auto written = write(kMagic); !written) return written;
  return write_message(schema_message(fields_), {});
}

// A mark, the size of the message, the message filled up to whole eights of bytes, the body.
Result<void> FileWriter::write_message(std::string message, std::string_view body) {
  message.resize((message.size() + kAlignment - 1) / kAlignment * kAlignment);
  std::string head;
  append_number(std::uint32_t{0xFFFF'FFFF}, head);
  append_number(static_cast<std::uint32_t>(message.size()), head);
  head += message;
  if (auto written = write(head); !written) return written;
  return body.empty() ? Result<void>{} : write(body);
}

Result<void> FileWriter::end_batch() {
  if (rows_ == 0) return {};
  if (auto begun = begin(); !begun) return begun;
  BatchBody body;
  for (std::size_t column = 0; column < buffers_.size(); ++column) {
    if (auto added = body.add(buffers_[column], fields_[column]); !added) return added;
    buffers_[column].clear();
  }
  const auto body_bytes = static_cast<std::int64_t>(body.bytes().size());
  std::string message =
      batch_message(static_cast<std::int64_t>(rows_), body.nodes(), body.buffers(), body_bytes);
  Block block;
  block.offset = static_cast<std::int64_t>(position_);
  block.body_bytes = body_bytes;
  const std::uint64_t before = position_;
  if (auto written = write_message(std::move(message), body.bytes()); !written) return written;
  block.metadata_bytes = static_cast<std::int32_t>(position_ - before - body.bytes().size());
  batches_.push_back(block);
  rows_ = 0;
  return {};
}

Result<void> FileWriter::finish() {
  if (auto ended = end_batch(); !ended) return ended;
  if (auto begun = begin(); !begun) return begun;
  std::string tail;
  append_number(std::uint32_t{0xFFFF'FFFF}, tail);  // no message follows
  append_number(std::uint32_t{0}, tail);
  const std::string last = footer(fields_, batches_);
  tail += last;
  append_number(static_cast<std::uint32_t>(last.size()), tail);
  tail += kMagic.substr(0, 6);
  return write(tail);
}

}  // namespace stave::arrow
