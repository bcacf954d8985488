// One library for each compression.
#include "tools/parquet/page_compression.h"

#include <fmt/format.h>
#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

#include <limits>

namespace stave::parquet {
namespace {

constexpr int kZstdLevel = 3;

}  // namespace

struct PageCompressor::Memory {
  Memory() : zstd(ZSTD_createCCtx()) {}
  ~Memory() { ZSTD_freeCCtx(zstd); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  ZSTD_CCtx* zstd;
};

PageCompressor::PageCompressor(Compression compression) : compression_(compression) {
  if (compression == Compression::kZstd) memory_ = std::make_unique<Memory>();
}
PageCompressor::~PageCompressor() = default;

Result<std::size_t> PageCompressor::compress(std::string_view bytes, std::string& out) {
  const std::size_t before = out.size();
  std::size_t size = 0;
  switch (compression_) {
    case Compression::kSnappy: {
      out.resize(before + snappy::MaxCompressedLength(bytes.size()));
      snappy::RawCompress(bytes.data(), bytes.size(), out.data() + before, &size);
      break;
    }
    case Compression::kZstd: {
      out.resize(before + ZSTD_compressBound(bytes.size()));
      size = memory_->zstd == nullptr
                 ? static_cast<std::size_t>(-1)
                 : ZSTD_compressCCtx(memory_->zstd, out.data() + before, out.size() - before,
                                     bytes.data(), bytes.size(), kZstdLevel);
      if (ZSTD_isError(size)) {
        return fail(ErrorCode::kOutOfMemory, "A page could not be compressed: memory ran out.");
      }
      break;
    }
    case Compression::kLz4Raw: {
      const int bound =
          bytes.size() > LZ4_MAX_INPUT_SIZE ? 0 : LZ4_compressBound(static_cast<int>(bytes.size()));
      out.resize(before + static_cast<std::size_t>(bound));
      const int written = LZ4_compress_default(bytes.data(), out.data() + before,
                                               static_cast<int>(bytes.size()), bound);
      if (written <= 0 && !bytes.empty()) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("A page of {} bytes is too large for LZ4. Use another compression.",
                                bytes.size()));
      }
      size = static_cast<std::size_t>(written);
      break;
    }
    default:
      out += bytes;
      return bytes.size();
  }
  out.resize(before + size);
  return size;
}

}  // namespace stave::parquet
