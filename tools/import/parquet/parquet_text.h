// A Parquet file as the text of a CSV dump: a header, then a row a line; texts are quoted, null is
// an empty cell. So one set of rules reads values, whatever file they came in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "stave/dump_format.h"
#include "stave/result.h"
#include "stave/type.h"
#include "storage/file_system.h"
#include "tools/import/compression/byte_stream.h"

namespace stave::loading {

struct ParquetDump {
  std::unique_ptr<ByteStream> text;
  std::vector<Type> types;  // of the columns
};

Result<ParquetDump> parquet_text(const std::string& path);
Result<ParquetDump> parquet_text(std::unique_ptr<ReadableFile> file);

// How that text is written, everything set.
DumpFormat parquet_text_format();

}  // namespace stave::loading
