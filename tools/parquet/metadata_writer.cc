// Footer and page headers as bytes. Numbers of fields are those of the format's `parquet.thrift`.
#include "tools/parquet/metadata.h"
#include "tools/parquet/record_writer.h"

namespace stave::parquet {
namespace {

template <typename Enum>
std::int32_t number_of(Enum value) {
  return static_cast<std::int32_t>(value);
}

void write_statistics(std::int16_t field, const Statistics& statistics, RecordWriter& out) {
  out.begin_record(field);
  if (statistics.null_count) out.large_number(3, *statistics.null_count);
  if (statistics.max_value) out.text(5, *statistics.max_value);
  if (statistics.min_value) out.text(6, *statistics.min_value);
  out.end();
}

// The union has one field, the kind's; what it holds are the kind's own fields.
void write_logical_type(std::int16_t field, const LogicalType& logical, RecordWriter& out) {
  out.begin_record(field);
  out.begin_record(static_cast<std::int16_t>(logical.kind));
  if (logical.kind == LogicalKind::kDecimal) {
    out.number(1, logical.scale);
    out.number(2, logical.precision);
  } else if (logical.kind == LogicalKind::kTimestamp || logical.kind == LogicalKind::kTime) {
    out.flag(1, logical.is_utc);
    out.begin_record(2);
    out.empty_record(static_cast<std::int16_t>(logical.unit));
    out.end();
  }
  out.end();
  out.end();
}

void write_schema_element(const SchemaElement& element, RecordWriter& out) {
  if (element.type) out.number(1, number_of(*element.type));
  if (element.type == PhysicalType::kFixedLengthByteArray) out.number(2, element.type_length);
  if (element.repetition) out.number(3, number_of(*element.repetition));
  out.text(4, element.name);
  if (!element.type) out.number(5, element.children);
  if (element.converted) out.number(6, number_of(*element.converted));
  if (element.converted == ConvertedType::kDecimal) {
    out.number(7, element.scale);
    out.number(8, element.precision);
  }
  if (element.logical.kind != LogicalKind::kNone) write_logical_type(10, element.logical, out);
}

void write_column_chunk(const ColumnChunk& chunk, RecordWriter& out) {
  out.large_number(2, chunk.first_byte());
  out.begin_record(3);
  out.number(1, number_of(chunk.type));
  out.numbers(2, chunk.encodings);
  out.texts(3, chunk.path);
  out.number(4, number_of(chunk.compression));
  out.large_number(5, chunk.values);
  out.large_number(6, chunk.uncompressed_bytes);
  out.large_number(7, chunk.compressed_bytes);
  out.large_number(9, chunk.data_page_offset);
  if (chunk.dictionary_page_offset) out.large_number(11, *chunk.dictionary_page_offset);
  write_statistics(12, chunk.statistics, out);
  out.end();
}

}  // namespace

void write_page_header(const PageHeader& header, std::string& out) {
  RecordWriter record;
  record.begin();
  record.number(1, number_of(header.type));
  record.number(2, header.uncompressed_size);
  record.number(3, header.compressed_size);
  if (header.type == PageType::kDictionary) {
    record.begin_record(7);
    record.number(1, header.values);
    record.number(2, number_of(header.encoding));
    record.end();
  } else {
    record.begin_record(5);
    record.number(1, header.values);
    record.number(2, number_of(header.encoding));
    record.number(3, number_of(header.definition_encoding));
    record.number(4, number_of(Encoding::kRle));  // of repetition levels, of which there are none
    record.end();
  }
  record.end();
  out += record.bytes();
}

void write_file_metadata(const FileMetadata& metadata, std::string& out) {
  RecordWriter record;
  record.begin();
  record.number(1, metadata.version);
  record.records(2, metadata.schema,
                 [&](const SchemaElement& element) { write_schema_element(element, record); });
  record.large_number(3, metadata.rows);
  std::int32_t ordinal = 0;
  record.records(4, metadata.row_groups, [&](const RowGroup& group) {
    record.records(1, group.columns,
                   [&](const ColumnChunk& chunk) { write_column_chunk(chunk, record); });
    record.large_number(2, group.uncompressed_bytes);
    record.large_number(3, group.rows);
    record.large_number(5, group.file_offset);
    record.large_number(6, group.compressed_bytes);
    if (ordinal <= INT16_MAX) record.number16(7, static_cast<std::int16_t>(ordinal));
    ++ordinal;
  });
  record.text(6, metadata.created_by);
  // Each column is ordered as its type says: readers may trust min_value and max_value.
  const std::vector<SchemaElement> columns(metadata.schema.begin() + 1, metadata.schema.end());
  record.records(7, columns, [&](const SchemaElement&) { record.empty_record(1); });
  record.end();
  out += record.bytes();
}

}  // namespace stave::parquet
