// One column of one row group as bytes: a dictionary page where that pays, then data pages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/parquet/column_buffer.h"
#include "tools/parquet/metadata.h"
#include "tools/parquet/page_compression.h"

namespace stave::parquet {

// What one thread uses again from chunk to chunk.
struct ChunkMemory {
  explicit ChunkMemory(Compression compression) : compressor(compression) {}

  PageCompressor compressor;
  std::string page;
  std::vector<std::uint32_t> levels;
};

// Appends the chunk to `out`; offsets in what is returned count from the beginning of the file,
// where `out` stands at `offset` before.
Result<ColumnChunk> write_chunk(const ColumnBuffer& buffer, const SchemaElement& element,
                                ChunkMemory& memory, std::uint64_t offset, std::string& out);

}  // namespace stave::parquet
