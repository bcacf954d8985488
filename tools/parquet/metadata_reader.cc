// Footer and page headers from bytes. Thrift throws on what is no record of it; that ends here.
#include <exception>

#include "tools/parquet/metadata.h"
#include "tools/parquet/record_reader.h"

namespace stave::parquet {
namespace {

LogicalType read_logical_type(RecordReader& in) {
  LogicalType logical;
  in.record([&](std::int16_t kind) {
    logical.kind = static_cast<LogicalKind>(kind);
    return in.nested([&](std::int16_t field) {
      if (logical.kind == LogicalKind::kDecimal) {
        return field == 1   ? in.number(logical.scale)
               : field == 2 ? in.number(logical.precision)
                            : false;
      }
      if (logical.kind == LogicalKind::kInteger) {
        return field == 1   ? in.byte(logical.bit_width)
               : field == 2 ? in.flag(logical.is_signed)
                            : false;
      }
      if (logical.kind == LogicalKind::kTimestamp || logical.kind == LogicalKind::kTime) {
        if (field == 1) return in.flag(logical.is_utc);
        return field == 2 && in.nested([&](std::int16_t unit) {
          logical.unit = static_cast<TimeUnit>(unit);
          return false;
        });
      }
      return false;
    });
  });
  return logical;
}

void read_schema_element(RecordReader& in, SchemaElement& element) {
  in.record([&](std::int16_t field) {
    switch (field) {
      case 1:
        return in.enumeration(element.type.emplace());
      case 2:
        return in.number(element.type_length);
      case 3:
        return in.enumeration(element.repetition.emplace());
      case 4:
        return in.text(element.name);
      case 5:
        return in.number(element.children);
      case 6:
        return in.enumeration(element.converted.emplace());
      case 7:
        return in.number(element.scale);
      case 8:
        return in.number(element.precision);
      case 10:
        if (!in.is_record()) return false;
        element.logical = read_logical_type(in);
        return true;
      default:
        return false;
    }
  });
}

void read_chunk_metadata(RecordReader& in, ColumnChunk& chunk) {
  in.record([&](std::int16_t field) {
    switch (field) {
      case 1:
        return in.enumeration(chunk.type);
      case 3:
        return in.texts(chunk.path);
      case 4:
        return in.enumeration(chunk.compression);
      case 5:
        return in.large_number(chunk.values);
      case 7:
        return in.large_number(chunk.compressed_bytes);
      case 9:
        return in.large_number(chunk.data_page_offset);
      case 11:
        return in.large_number(chunk.dictionary_page_offset.emplace());
      default:
        return false;
    }
  });
}

void read_chunk(RecordReader& in, ColumnChunk& chunk) {
  in.record([&](std::int16_t field) {
    switch (field) {
      case 1:
        return in.text(chunk.file_path);
      case 3:
        if (!in.is_record()) return false;
        chunk.has_metadata = true;
        read_chunk_metadata(in, chunk);
        return true;
      case 8:
      case 9:
        chunk.is_encrypted = true;
        return false;
      default:
        return false;
    }
  });
}

void read_row_group(RecordReader& in, RowGroup& group) {
  in.record([&](std::int16_t field) {
    if (field == 1) {
      return in.records(group.columns, [&](ColumnChunk& chunk) { read_chunk(in, chunk); });
    }
    return field == 3 && in.large_number(group.rows);
  });
}

void read_dictionary_header(RecordReader& in, PageHeader& header) {
  in.record([&](std::int16_t field) {
    return field == 1   ? in.number(header.values)
           : field == 2 ? in.enumeration(header.encoding)
                        : false;
  });
}

void read_data_header(RecordReader& in, PageHeader& header) {
  in.record([&](std::int16_t field) {
    switch (field) {
      case 1:
        return in.number(header.values);
      case 2:
        return in.enumeration(header.encoding);
      case 3:
        return in.enumeration(header.definition_encoding);
      default:
        return false;
    }
  });
}

void read_data_header_v2(RecordReader& in, PageHeader& header) {
  in.record([&](std::int16_t field) {
    switch (field) {
      case 1:
        return in.number(header.values);
      case 2:
        return in.number(header.nulls);
      case 3:
        return in.number(header.rows);
      case 4:
        return in.enumeration(header.encoding);
      case 5:
        return in.number(header.definition_bytes);
      case 6:
        return in.number(header.repetition_bytes);
      case 7:
        return in.flag(header.is_compressed);
      default:
        return false;
    }
  });
}

template <typename Value, typename Read>
Result<Value> guarded_read(std::string_view what, Read read) {
  try {
    return read();
  } catch (const std::exception& thrown) {
    return fail(ErrorCode::kInvalidData,
                std::string("A ") + std::string(what) + " cannot be read: " + thrown.what() + ".");
  }
}

}  // namespace

Result<PageHeader> read_page_header(std::string_view bytes, std::size_t& consumed) {
  return guarded_read<PageHeader>("page header", [&] {
    PageHeader header;
    RecordReader in(bytes);
    in.record([&](std::int16_t field) {
      switch (field) {
        case 1:
          return in.enumeration(header.type);
        case 2:
          return in.number(header.uncompressed_size);
        case 3:
          return in.number(header.compressed_size);
        case 5:
          if (!in.is_record()) return false;
          read_data_header(in, header);
          return true;
        case 7:
          if (!in.is_record()) return false;
          read_dictionary_header(in, header);
          return true;
        case 8:
          if (!in.is_record()) return false;
          read_data_header_v2(in, header);
          return true;
        default:
          return false;
      }
    });
    consumed = in.consumed();
    return header;
  });
}

Result<FileMetadata> read_file_metadata(std::string_view bytes) {
  return guarded_read<FileMetadata>("footer", [&] {
    FileMetadata metadata;
    RecordReader in(bytes);
    in.record([&](std::int16_t field) {
      switch (field) {
        case 1:
          return in.number(metadata.version);
        case 2:
          return in.records(metadata.schema,
                            [&](SchemaElement& element) { read_schema_element(in, element); });
        case 3:
          return in.large_number(metadata.rows);
        case 4:
          return in.records(metadata.row_groups,
                            [&](RowGroup& group) { read_row_group(in, group); });
        case 6:
          return in.text(metadata.created_by);
        default:
          return false;
      }
    });
    return metadata;
  });
}

}  // namespace stave::parquet
