// Page headers have no size of their own, so they are read from a few bytes first and from more
// where that was too little.
#include "tools/parquet/column_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "tools/parquet/page_bytes.h"
#include "tools/parquet/page_decompression.h"
#include "tools/parquet/run_length_reader.h"

namespace stave::parquet {
namespace {

constexpr std::uint64_t kFirstHeaderBytes = 256;
constexpr std::uint64_t kMostHeaderBytes = 1U << 20;

}  // namespace

ColumnReader::ColumnReader(const ReadableFile& file, const SchemaElement& element,
                           const ColumnChunk& chunk, std::uint64_t rows)
    : file_(file),
      element_(element),
      chunk_(chunk),
      layout_{*element.type, element.type_length},
      rows_left_(rows),
      position_(static_cast<std::uint64_t>(chunk.first_byte())),
      end_(position_ + static_cast<std::uint64_t>(chunk.compressed_bytes)) {}

Result<PageHeader> ColumnReader::read_header() {
  for (std::uint64_t wanted = kFirstHeaderBytes;; wanted *= 16) {
    const std::uint64_t size = std::min(wanted, end_ - position_);
    body_.resize(size);
    if (auto read = file_.read(position_, std::as_writable_bytes(std::span(body_))); !read) {
      return pass(read);
    }
    std::size_t consumed = 0;
    auto header = read_page_header(body_, consumed);
    if (header) {
      position_ += consumed;
      return header;
    }
    if (size < wanted || wanted >= kMostHeaderBytes) return header;
  }
}

Result<void> ColumnReader::read_body(const PageHeader& header) {
  const auto size = static_cast<std::uint64_t>(header.compressed_size);
  if (header.compressed_size < 0 || header.uncompressed_size < 0 || size > end_ - position_ ||
      size > kMostPageBytes) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("A page reaches beyond its column or is too large: {} bytes at {}.",
                            header.compressed_size, position_));
  }
  body_.resize(size);
  auto read = file_.read(position_, std::as_writable_bytes(std::span(body_)));
  position_ += size;
  return read;
}

Result<void> ColumnReader::read_dictionary(const PageHeader& header) {
  if (header.values < 0 || static_cast<std::size_t>(header.values) > kMostPageValues) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("A dictionary has {} values, more than are read.", header.values));
  }
  auto done = decompress_page(chunk_.compression, body_,
                              static_cast<std::size_t>(header.uncompressed_size), dictionary_page_);
  if (!done) return done;
  return read_values(layout_, Encoding::kPlain, dictionary_page_,
                     static_cast<std::size_t>(header.values), {}, dictionary_);
}

Result<void> ColumnReader::fill(const PageHeader& header, std::string_view values,
                                ColumnPage& page) {
  const auto present = static_cast<std::size_t>(
      page.levels.empty()
          ? page.rows
          : static_cast<std::uint64_t>(std::count(page.levels.begin(), page.levels.end(), 1U)));
  return read_values(layout_, header.encoding, values, present, dictionary_, page.values);
}

Result<void> ColumnReader::read_data(const PageHeader& header, ColumnPage& page) {
  auto done = decompress_page(chunk_.compression, body_,
                              static_cast<std::size_t>(header.uncompressed_size), page_);
  if (!done) return done;
  PageBytes in(page_);
  if (element_.repetition == Repetition::kOptional) {
    const auto rows = static_cast<std::size_t>(page.rows);
    bool is_read = false;
    if (header.definition_encoding == Encoding::kBitPacked) {
      is_read = read_packed_levels(in, rows, page.levels);
    } else {
      std::uint32_t size = 0;
      std::string_view raw;
      if (in.number(size) && in.take(size, raw)) {
        PageBytes levels(raw);
        is_read = read_runs(levels, 1, rows, page.levels);
      }
    }
    if (!is_read) return fail(ErrorCode::kInvalidData, "The nulls of a page cannot be read.");
  }
  return fill(header, in.rest(), page);
}

// Levels are outside of what is compressed.
Result<void> ColumnReader::read_data_v2(const PageHeader& header, ColumnPage& page) {
  PageBytes in(body_);
  std::string_view repetitions, definitions;
  const bool has_levels = header.repetition_bytes >= 0 && header.definition_bytes >= 0 &&
                          in.take(static_cast<std::size_t>(header.repetition_bytes), repetitions) &&
                          in.take(static_cast<std::size_t>(header.definition_bytes), definitions);
  const std::int64_t size =
      std::int64_t{header.uncompressed_size} - header.repetition_bytes - header.definition_bytes;
  if (!has_levels || size < 0) {
    return fail(ErrorCode::kInvalidData, "The levels of a page reach beyond it.");
  }
  if (element_.repetition == Repetition::kOptional) {
    PageBytes levels(definitions);
    if (!read_runs(levels, 1, static_cast<std::size_t>(page.rows), page.levels)) {
      return fail(ErrorCode::kInvalidData, "The nulls of a page cannot be read.");
    }
  }
  // A page of nulls alone may have nothing to decompress.
  if (!header.is_compressed || in.left() == 0) {
    page_.assign(in.rest());
  } else if (auto done = decompress_page(chunk_.compression, in.rest(),
                                         static_cast<std::size_t>(size), page_);
             !done) {
    return done;
  }
  return fill(header, page_, page);
}

Result<void> ColumnReader::next(ColumnPage& page) {
  while (position_ < end_) {
    const auto header = read_header();
    if (!header) return pass(header);
    if (auto read = read_body(*header); !read) return read;
    if (header->type == PageType::kDictionary) {
      if (auto read = read_dictionary(*header); !read) return read;
      continue;
    }
    if (header->type != PageType::kData && header->type != PageType::kDataV2) continue;
    if (header->values < 0 || static_cast<std::uint64_t>(header->values) > rows_left_) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("A page has {} rows where {} are left.", header->values, rows_left_));
    }
    if (static_cast<std::size_t>(header->values) > kMostPageValues) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("A page has {} values, more than the {} that are read.",
                              header->values, kMostPageValues));
    }
    page.rows = static_cast<std::uint64_t>(header->values);
    page.levels.clear();
    auto read =
        header->type == PageType::kData ? read_data(*header, page) : read_data_v2(*header, page);
    if (!read) return read;
    rows_left_ -= page.rows;
    if (page.rows > 0) return {};
  }
  return fail(ErrorCode::kInvalidData,
              fmt::format("The column ends {} rows before its row group does.", rows_left_));
}

}  // namespace stave::parquet
