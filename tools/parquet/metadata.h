// What a Parquet file says of itself: the parts of the format's footer and page headers that Stave
// writes and reads, written down from the published field numbers (parquet-format,
// `parquet.thrift`). Invariant: numbers of enums are those on disk; what a file left out is empty
// or has the format's default.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"

namespace stave::parquet {

inline constexpr std::string_view kMagic = "PAR1";

enum class PhysicalType : std::int32_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kInt96 = 3,
  kFloat = 4,
  kDouble = 5,
  kByteArray = 6,
  kFixedLengthByteArray = 7,
};

enum class Repetition : std::int32_t { kRequired = 0, kOptional = 1, kRepeated = 2 };

// The older way to say what a physical type means; readers that know logical types prefer those.
enum class ConvertedType : std::int32_t {
  kUtf8 = 0,
  kMap = 1,
  kMapKeyValue = 2,
  kList = 3,
  kEnum = 4,
  kDecimal = 5,
  kDate = 6,
  kTimeMillis = 7,
  kTimeMicros = 8,
  kTimestampMillis = 9,
  kTimestampMicros = 10,
  kUint8 = 11,
  kUint16 = 12,
  kUint32 = 13,
  kUint64 = 14,
  kInt8 = 15,
  kInt16 = 16,
  kInt32 = 17,
  kInt64 = 18,
  kJson = 19,
  kBson = 20,
  kInterval = 21,
};

// Numbers are the field numbers of the union.
enum class LogicalKind : std::int16_t {
  kNone = 0,
  kString = 1,
  kMap = 2,
  kList = 3,
  kEnum = 4,
  kDecimal = 5,
  kDate = 6,
  kTime = 7,
  kTimestamp = 8,
  kInteger = 10,
  kUnknown = 11,
  kJson = 12,
  kBson = 13,
  kUuid = 14,
  kFloat16 = 15,
};

enum class TimeUnit : std::int16_t { kNone = 0, kMillis = 1, kMicros = 2, kNanos = 3 };

struct LogicalType {
  LogicalKind kind = LogicalKind::kNone;
  std::int32_t scale = 0, precision = 0;  // kDecimal
  bool is_utc = false;                    // kTime, kTimestamp
  TimeUnit unit = TimeUnit::kNone;        // kTime, kTimestamp
  std::int32_t bit_width = 0;             // kInteger
  bool is_signed = true;                  // kInteger
};

struct SchemaElement {
  std::optional<PhysicalType> type;  // empty: a group
  std::int32_t type_length = 0;
  std::optional<Repetition> repetition;  // empty: the root
  std::string name;
  std::int32_t children = 0;
  std::optional<ConvertedType> converted;
  std::int32_t scale = 0, precision = 0;
  LogicalType logical;
};

enum class Encoding : std::int32_t {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
  kByteStreamSplit = 9,
};

enum class Compression : std::int32_t {
  kNone = 0,
  kSnappy = 1,
  kGzip = 2,
  kLzo = 3,
  kBrotli = 4,
  kLz4Framed = 5,  // of Hadoop, deprecated
  kZstd = 6,
  kLz4Raw = 7,
};

struct Statistics {
  std::optional<std::int64_t> null_count;
  std::optional<std::string> min_value, max_value;  // encoded PLAIN, without a length
};

enum class PageType : std::int32_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };

struct PageHeader {
  PageType type = PageType::kData;
  std::int32_t uncompressed_size = 0;
  std::int32_t compressed_size = 0;
  std::int32_t values = 0;  // nulls included
  Encoding encoding = Encoding::kPlain;
  Encoding definition_encoding = Encoding::kRle;
  // kDataV2: levels come first and are never compressed.
  std::int32_t nulls = 0, rows = 0;
  std::int32_t definition_bytes = 0, repetition_bytes = 0;
  bool is_compressed = true;
};

struct ColumnChunk {
  PhysicalType type = PhysicalType::kInt32;
  std::vector<Encoding> encodings;
  std::vector<std::string> path;
  Compression compression = Compression::kNone;
  std::int64_t values = 0;  // nulls included
  std::int64_t uncompressed_bytes = 0, compressed_bytes = 0;
  std::int64_t data_page_offset = 0;
  std::optional<std::int64_t> dictionary_page_offset;
  Statistics statistics;
  std::string file_path;  // where the data lies in another file
  bool has_metadata = false;
  bool is_encrypted = false;

  // Some writers say of a dictionary that is not there that it is at 0.
  std::int64_t first_byte() const {
    const std::int64_t dictionary = dictionary_page_offset.value_or(0);
    return dictionary > 0 && dictionary < data_page_offset ? dictionary : data_page_offset;
  }
};

struct RowGroup {
  std::vector<ColumnChunk> columns;
  std::int64_t uncompressed_bytes = 0, compressed_bytes = 0;
  std::int64_t rows = 0;
  std::int64_t file_offset = 0;
};

struct FileMetadata {
  std::int32_t version = 2;
  std::vector<SchemaElement> schema;  // depth first, the root first
  std::int64_t rows = 0;
  std::vector<RowGroup> row_groups;
  std::string created_by;
};

// Appended to `out`.
void write_page_header(const PageHeader& header, std::string& out);
void write_file_metadata(const FileMetadata& metadata, std::string& out);

// Any bytes give the values or an error. `consumed` gets the header's own size.
Result<PageHeader> read_page_header(std::string_view bytes, std::size_t& consumed);
Result<FileMetadata> read_file_metadata(std::string_view bytes);

}  // namespace stave::parquet
