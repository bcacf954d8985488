// Pages of version 1, which every reader knows. A page ends at kPageBytes of values or kPageRows
// rows.
#include "tools/parquet/chunk_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "tools/parquet/run_length.h"

namespace stave::parquet {
namespace {

constexpr std::uint64_t kPageBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kPageRows = std::uint64_t{1} << 16;  // of numbers less than kPageBytes

class ChunkWriter {
 public:
  ChunkWriter(const ColumnBuffer& buffer, const SchemaElement& element, ChunkMemory& memory,
              std::uint64_t offset, std::string& out)
      : buffer_(buffer),
        element_(element),
        compressor_(memory.compressor),
        levels_(memory.levels),
        page_(memory.page),
        offset_(offset),
        begin_(out.size()),
        out_(out) {}

  Result<ColumnChunk> write();

 private:
  void choose_encoding();
  Result<void> write_dictionary();
  Result<void> write_data_pages();
  std::pair<std::uint64_t, std::size_t> next_page(std::uint64_t row, std::size_t value) const;
  void append_levels(std::uint64_t from, std::uint64_t to, std::uint64_t values);
  void append_values(std::size_t from, std::size_t to);
  Result<void> write_page(PageHeader header);
  std::size_t value_count() const { return places_ ? places_->size() : size_of(*values_); }
  std::uint64_t position() const { return offset_ + (out_.size() - begin_); }

  const ColumnBuffer& buffer_;
  const SchemaElement& element_;
  PageCompressor& compressor_;
  std::vector<std::uint32_t>& levels_;
  std::string& page_;
  std::uint64_t offset_;
  std::size_t begin_;
  std::string& out_;
  ColumnChunk chunk_;
  std::optional<DistinctValues> distinct_;
  ValueList written_out_;  // of a column of codes that has no dictionary in the file
  const ValueList* values_ = nullptr;
  const std::vector<std::uint32_t>* places_ = nullptr;  // null: values are written as they are
};

// Every value by its place.
ValueList write_out(const ValueList& values, const std::vector<std::uint32_t>& places) {
  return std::visit(
      [&](const auto& list) -> ValueList {
        std::decay_t<decltype(list)> all;
        for (const std::uint32_t place : places) all.push_back(list[place]);
        return all;
      },
      values);
}

std::uint64_t all_plain_bytes(const ValueList& values, const std::vector<std::uint32_t>& places,
                              const SchemaElement& element) {
  if (const auto* texts = std::get_if<StringList>(&values)) {
    std::uint64_t bytes = 0;
    for (const std::uint32_t place : places) bytes += 4 + (*texts)[place].size();
    return bytes;
  }
  return places.size() * (element.type == PhysicalType::kInt32 ? 4 : 8);
}

// Days and short decimals are 32 bits in the file.
bool fits(const ValueList& values, const SchemaElement& element) {
  const auto* integers = std::get_if<std::vector<std::int64_t>>(&values);
  if (element.type != PhysicalType::kInt32 || integers == nullptr) return true;
  return std::all_of(integers->begin(), integers->end(),
                     [](std::int64_t value) { return std::in_range<std::int32_t>(value); });
}

void ChunkWriter::choose_encoding() {
  values_ = &buffer_.values();
  if (!buffer_.has_places()) {
    distinct_ = find_distinct(*values_, element_);
    if (distinct_) {
      values_ = &distinct_->values;
      places_ = &distinct_->places;
    }
    return;
  }
  const std::uint64_t all_bytes = all_plain_bytes(*values_, buffer_.places(), element_);
  if (dictionary_pays(plain_bytes(*values_, element_), size_of(*values_), buffer_.places().size(),
                      all_bytes)) {
    places_ = &buffer_.places();
  } else {
    written_out_ = write_out(*values_, buffer_.places());
    values_ = &written_out_;
  }
}

Result<ColumnChunk> ChunkWriter::write() {
  choose_encoding();
  if (!fits(*values_, element_)) {
    return fail(ErrorCode::kOverflow,
                fmt::format("Column `{}` has a value that does not fit its type in Parquet.",
                            element_.name));
  }
  chunk_.type = *element_.type;
  chunk_.path = {element_.name};
  chunk_.compression = compressor_.compression();
  chunk_.values = static_cast<std::int64_t>(buffer_.rows());
  chunk_.encodings = {Encoding::kRle, Encoding::kPlain};
  find_range(*values_, element_, chunk_.statistics);
  chunk_.statistics.null_count = static_cast<std::int64_t>(buffer_.rows() - value_count());
  if (places_ != nullptr) {
    chunk_.encodings.push_back(Encoding::kRleDictionary);
    chunk_.dictionary_page_offset = static_cast<std::int64_t>(position());
    if (auto written = write_dictionary(); !written) return pass(written);
  }
  chunk_.data_page_offset = static_cast<std::int64_t>(position());
  if (auto written = write_data_pages(); !written) return pass(written);
  chunk_.compressed_bytes = static_cast<std::int64_t>(out_.size() - begin_);
  return std::move(chunk_);
}

Result<void> ChunkWriter::write_dictionary() {
  page_.clear();
  append_plain(*values_, 0, size_of(*values_), element_, page_);
  PageHeader header;
  header.type = PageType::kDictionary;
  header.values = static_cast<std::int32_t>(size_of(*values_));
  header.encoding = Encoding::kPlain;
  return write_page(header);
}

void ChunkWriter::append_levels(std::uint64_t from, std::uint64_t to, std::uint64_t values) {
  const std::size_t size_at = page_.size();
  page_.resize(size_at + sizeof(std::uint32_t));
  if (values == to - from) {
    append_run(1, values, 1, page_);
  } else {
    levels_.assign(buffer_.present().begin() + static_cast<std::ptrdiff_t>(from),
                   buffer_.present().begin() + static_cast<std::ptrdiff_t>(to));
    append_runs(levels_, 1, page_);
  }
  const auto size = static_cast<std::uint32_t>(page_.size() - size_at - sizeof(std::uint32_t));
  std::memcpy(page_.data() + size_at, &size, sizeof(size));
}

void ChunkWriter::append_values(std::size_t from, std::size_t to) {
  if (places_ == nullptr) {
    append_plain(*values_, from, to, element_, page_);
    return;
  }
  const int bits = bits_for(static_cast<std::uint32_t>(size_of(*values_) - 1));
  page_.push_back(static_cast<char>(bits));
  append_runs(std::span(*places_).subspan(from, to - from), bits, page_);
}

Result<void> ChunkWriter::write_data_pages() {
  std::uint64_t row = 0;
  std::size_t value = 0;
  do {
    const auto [rows, values] = next_page(row, value);
    page_.clear();
    append_levels(row, row + rows, values);
    append_values(value, value + values);
    row += rows;
    value += values;
    PageHeader header;
    header.values = static_cast<std::int32_t>(rows);
    header.encoding = places_ != nullptr ? Encoding::kRleDictionary : Encoding::kPlain;
    if (auto written = write_page(header); !written) return written;
  } while (row < buffer_.rows());
  return {};
}

// How many rows and values a page takes from here on.
std::pair<std::uint64_t, std::size_t> ChunkWriter::next_page(std::uint64_t row,
                                                             std::size_t value) const {
  const std::vector<std::uint8_t>& present = buffer_.present();
  const auto* texts = places_ == nullptr ? std::get_if<StringList>(values_) : nullptr;
  std::uint64_t rows = std::min(kPageRows, buffer_.rows() - row);
  if (texts != nullptr) {
    std::uint64_t bytes = 0;
    std::uint64_t taken = 0;
    for (std::size_t next = value; taken < rows && bytes < kPageBytes; ++taken) {
      if (present.empty() || present[row + taken] != 0) bytes += 4 + (*texts)[next++].size();
    }
    rows = taken;
  }
  if (present.empty()) return {rows, rows};
  const auto begin = present.begin() + static_cast<std::ptrdiff_t>(row);
  const auto values = std::count(begin, begin + static_cast<std::ptrdiff_t>(rows), 1);
  return {rows, static_cast<std::size_t>(values)};
}

Result<void> ChunkWriter::write_page(PageHeader header) {
  if (page_.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("A page of column `{}` would have {} bytes, more than Parquet's pages "
                            "can. Its texts are too long.",
                            element_.name, page_.size()));
  }
  const bool are_places = header.encoding == Encoding::kRleDictionary;
  const bool are_numbers =
      element_.type == PhysicalType::kInt64 || element_.type == PhysicalType::kDouble;
  const auto compressed = compressor_.compress(page_, are_numbers && !are_places);
  if (!compressed) return pass(compressed);
  header.uncompressed_size = static_cast<std::int32_t>(page_.size());
  header.compressed_size = static_cast<std::int32_t>(compressed->size());
  const std::size_t before = out_.size();
  write_page_header(header, out_);
  chunk_.uncompressed_bytes += static_cast<std::int64_t>(out_.size() - before + page_.size());
  out_ += *compressed;
  return {};
}

}  // namespace

Result<ColumnChunk> write_chunk(const ColumnBuffer& buffer, const SchemaElement& element,
                                ChunkMemory& memory, std::uint64_t offset, std::string& out) {
  return ChunkWriter(buffer, element, memory, offset, out).write();
}

}  // namespace stave::parquet
