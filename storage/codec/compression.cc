// The two compressors behind one door; contexts of Zstandard are kept for each thread.
#include "storage/codec/compression.h"

#include <lz4.h>
#include <zstd.h>

#include <memory>
#include <new>

namespace stave {
namespace {

constexpr int kZstandardLevel = 3;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::size_t compress_zstandard(std::string_view bytes, std::string& out) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  if (context == nullptr) {
    return 0;
  }
  out.resize(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), bytes.data(),
                                             bytes.size(), kZstandardLevel);
  return ZSTD_isError(size) != 0U ? 0 : size;
}

std::size_t compress_lz4(std::string_view bytes, std::string& out) {
  out.resize(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))));
  const int size = LZ4_compress_default(bytes.data(), out.data(), static_cast<int>(bytes.size()),
                                        static_cast<int>(out.size()));
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

bool decompress_into(Compression compression, std::span<const std::byte> bytes,
                     std::span<char> out) {
  if (compression == Compression::kLz4) {
    const int size =
        LZ4_decompress_safe(reinterpret_cast<const char*>(bytes.data()), out.data(),
                            static_cast<int>(bytes.size()), static_cast<int>(out.size()));
    return size >= 0 && static_cast<std::size_t>(size) == out.size();
  }
  // One frame: the library would also take several, end to end.
  if (ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size()) {
    return false;
  }
  thread_local std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context;
  if (context == nullptr) {
    context.reset(ZSTD_createDCtx());
  }
  if (context == nullptr) {
    throw std::bad_alloc();
  }
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  return ZSTD_isError(size) == 0U && size == out.size();
}

}  // namespace

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "";
    case Compression::kLz4:
      return "lz4";
    case Compression::kZstandard:
      return "zstd";
  }
  return "unknown";
}

bool is_compression(std::uint8_t id) {
  return id <= static_cast<std::uint8_t>(Compression::kZstandard);
}

std::optional<std::string> compress(Compression compression, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > LZ4_MAX_INPUT_SIZE) {
    return std::nullopt;
  }
  std::string out;
  const std::size_t size =
      compression == Compression::kLz4 ? compress_lz4(bytes, out) : compress_zstandard(bytes, out);
  if (size == 0 || size >= bytes.size() ||
      bytes.size() > size * kMaxExpansion + kExpansionAllowance) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::optional<std::span<const std::byte>> decompress(Compression compression,
                                                     std::span<const std::byte> bytes,
                                                     std::uint64_t size, Arena& arena) {
  if (size > bytes.size() * kMaxExpansion + kExpansionAllowance || size > LZ4_MAX_INPUT_SIZE ||
      bytes.size() > LZ4_MAX_INPUT_SIZE) {
    return std::nullopt;
  }
  const auto out = arena.take<char>(size);
  if (!decompress_into(compression, bytes, out)) {
    return std::nullopt;
  }
  return std::as_bytes(std::span<const char>(out));
}

}  // namespace stave
