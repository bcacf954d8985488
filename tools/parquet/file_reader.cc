// The footer is at the end, behind it its size.
#include "tools/parquet/file_reader.h"

#include <fmt/format.h>

#include <cstring>
#include <span>

namespace stave::parquet {
namespace {

constexpr std::uint64_t kTailBytes = 8;
constexpr std::uint64_t kMostFooterBytes = std::uint64_t{64} << 20;
constexpr std::int32_t kLongestFixed = 1 << 20;

Failure damaged(const ReadableFile& file, const std::string& what) {
  return fail(
      ErrorCode::kInvalidData,
      fmt::format("The Parquet file is damaged: {} ({}). Fetch it again.", file.path(), what));
}

}  // namespace

Result<std::unique_ptr<FileReader>> FileReader::open(std::unique_ptr<ReadableFile> file) {
  std::unique_ptr<FileReader> reader(new FileReader(std::move(file)));
  if (auto read = reader->read_footer(); !read) return pass(read);
  if (auto checked = reader->check_columns(); !checked) return pass(checked);
  if (auto checked = reader->check_row_groups(); !checked) return pass(checked);
  return reader;
}

Result<void> FileReader::read_footer() {
  const std::uint64_t size = file_->size();
  if (size < kMagic.size() + kTailBytes) return damaged(*file_, "it is too short");
  std::string tail(kTailBytes, '\0');
  if (auto read = file_->read(size - kTailBytes, std::as_writable_bytes(std::span(tail))); !read) {
    return read;
  }
  if (tail.substr(4) == "PARE") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("The Parquet file is encrypted: {}. Write it without.", file_->path()));
  }
  if (tail.substr(4) != kMagic) return damaged(*file_, "it does not end as one does");
  std::uint32_t footer_bytes = 0;
  std::memcpy(&footer_bytes, tail.data(), sizeof(footer_bytes));
  if (footer_bytes > size - kMagic.size() - kTailBytes || footer_bytes > kMostFooterBytes) {
    return damaged(*file_, fmt::format("its footer would have {} bytes", footer_bytes));
  }
  data_end_ = size - kTailBytes - footer_bytes;
  std::string footer(footer_bytes, '\0');
  if (auto read = file_->read(data_end_, std::as_writable_bytes(std::span(footer))); !read) {
    return read;
  }
  auto metadata = read_file_metadata(footer);
  if (!metadata) return damaged(*file_, metadata.error().message);
  metadata_ = std::move(*metadata);
  return {};
}

Result<void> FileReader::check_columns() {
  if (metadata_.schema.empty()) return damaged(*file_, "it has no schema");
  for (std::size_t i = 1; i < metadata_.schema.size(); ++i) {
    const SchemaElement& element = metadata_.schema[i];
    if (!element.type || element.children > 0 || element.repetition == Repetition::kRepeated) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("Column `{}` of {} is nested (a list, map or struct), which is not "
                              "imported. Leave it out or flatten it.",
                              element.name, file_->path()));
    }
    const auto type = static_cast<std::int32_t>(*element.type);
    const bool has_length = element.type != PhysicalType::kFixedLengthByteArray ||
                            (element.type_length > 0 && element.type_length <= kLongestFixed);
    if (type < 0 || type > 7 || !has_length) {
      return damaged(*file_, fmt::format("column `{}` has no type that there is", element.name));
    }
    columns_.push_back(element);
  }
  if (columns_.empty()) return damaged(*file_, "it has no columns");
  return {};
}

Result<void> FileReader::check_row_groups() const {
  for (const RowGroup& group : metadata_.row_groups) {
    if (group.columns.size() != columns_.size() || group.rows < 0) {
      return damaged(*file_, fmt::format("a row group has {} columns and {} rows",
                                         group.columns.size(), group.rows));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ColumnChunk& chunk = group.columns[i];
      if (chunk.is_encrypted || !chunk.file_path.empty() || !chunk.has_metadata) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("Column `{}` of {} is encrypted or lies in another file, which is "
                                "not read.",
                                columns_[i].name, file_->path()));
      }
      const auto end = static_cast<std::int64_t>(data_end_);
      const std::int64_t first = chunk.first_byte();
      if (chunk.type != *columns_[i].type || first < 0 || first > end ||
          chunk.compressed_bytes < 0 || chunk.compressed_bytes > end - first) {
        return damaged(*file_, fmt::format("column `{}` does not lie in it", columns_[i].name));
      }
    }
  }
  return {};
}

}  // namespace stave::parquet
