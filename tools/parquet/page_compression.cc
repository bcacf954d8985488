// One library for each compression.
#include "tools/parquet/page_compression.h"

#include <fmt/format.h>
#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

namespace stave::parquet {
namespace {

// Level 3 makes plays 5 to 10 % smaller, and their export 15 % slower.
constexpr int kZstdLevel = 1;
// The upper bytes of neighbouring numbers: a quarter off the size of times, at no cost.
constexpr int kNumbersMatch = 4;

}  // namespace

struct PageCompressor::Memory {
  Memory() : zstd(ZSTD_createCCtx()) {
    if (zstd != nullptr) ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, kZstdLevel);
  }
  ~Memory() { ZSTD_freeCCtx(zstd); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  ZSTD_CCtx* zstd;
};

PageCompressor::PageCompressor(Compression compression) : compression_(compression) {
  if (compression == Compression::kZstd) memory_ = std::make_unique<Memory>();
}
PageCompressor::~PageCompressor() = default;

Result<std::string_view> PageCompressor::compress(std::string_view bytes, bool are_numbers) {
  if (compression_ == Compression::kNone) return bytes;
  std::size_t size = 0;
  switch (compression_) {
    case Compression::kSnappy:
      room_for(snappy::MaxCompressedLength(bytes.size()));
      snappy::RawCompress(bytes.data(), bytes.size(), room_.data(), &size);
      break;
    case Compression::kLz4Raw: {
      const bool fits = bytes.size() <= LZ4_MAX_INPUT_SIZE;
      const int bound = fits ? LZ4_compressBound(static_cast<int>(bytes.size())) : 0;
      room_for(static_cast<std::size_t>(bound));
      const int written = fits ? LZ4_compress_default(bytes.data(), room_.data(),
                                                      static_cast<int>(bytes.size()), bound)
                               : 0;
      if (written <= 0) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("A page of {} bytes is too large for LZ4. Use another compression.",
                                bytes.size()));
      }
      size = static_cast<std::size_t>(written);
      break;
    }
    default: {
      const auto written = compress_by_zstd(bytes, are_numbers);
      if (!written) return pass(written);
      size = *written;
      break;
    }
  }
  return std::string_view(room_.data(), size);
}

Result<std::size_t> PageCompressor::compress_by_zstd(std::string_view bytes, bool are_numbers) {
  room_for(ZSTD_compressBound(bytes.size()));
  if (memory_->zstd != nullptr) {
    ZSTD_CCtx_setParameter(memory_->zstd, ZSTD_c_minMatch, are_numbers ? kNumbersMatch : 0);
    const std::size_t size =
        ZSTD_compress2(memory_->zstd, room_.data(), room_.size(), bytes.data(), bytes.size());
    if (!ZSTD_isError(size)) return size;
  }
  return fail(ErrorCode::kOutOfMemory, "A page could not be compressed: memory ran out.");
}

// Only ever grows: clearing it for each page would cost more than some of the pages.
void PageCompressor::room_for(std::size_t size) {
  if (room_.size() < size) room_.resize(size);
}

}  // namespace stave::parquet
