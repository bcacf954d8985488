// The content of compressed inputs, read in order on the caller's thread. Inputs of several members
// (frames, streams) are read to their end.
// Invariant: a broken or cut-off input is an error, never a shorter text; checksums are verified.
#pragma once

#include <memory>

#include "tools/import/compression/byte_stream.h"
#include "tools/import/compression/compressed_bytes.h"

namespace stave::loading {

// Bytes after the last member that do not begin another are left out, as gzip(1) and bzip2(1) do.
std::unique_ptr<ByteStream> decompress_gzip(CompressedBytes& input);
std::unique_ptr<ByteStream> decompress_bzip2(CompressedBytes& input);
// Whatever follows a frame must be one, or one to be skipped.
std::unique_ptr<ByteStream> decompress_zstd(CompressedBytes& input);

}  // namespace stave::loading
