// One library for each compression; each is told how much room there is and must fill it.
#include "tools/parquet/page_decompression.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

#include <limits>
#include <memory>

#include "tools/library/inflate_library.h"

namespace stave::parquet {
namespace {

Failure broken(const char* name) {
  return fail(ErrorCode::kInvalidData,
              fmt::format("A page that is compressed with {} is damaged.", name));
}

// Whole members, one after the other, as gzip allows.
bool inflate_all(const InflateLibrary& library, std::string_view bytes, std::string& out) {
  const auto state = std::make_unique<inflate_state>();
  library.isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  state->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
  state->avail_in = static_cast<std::uint32_t>(bytes.size());
  state->next_out = reinterpret_cast<std::uint8_t*>(out.data());
  state->avail_out = static_cast<std::uint32_t>(out.size());
  while (library.isal_inflate(state.get()) == ISAL_DECOMP_OK &&
         state->block_state == ISAL_BLOCK_FINISH) {
    if (state->avail_in == 0) return state->avail_out == 0;
    library.isal_inflate_reset(state.get());
    state->crc_flag = ISAL_GZIP;
  }
  return false;
}

}  // namespace

Result<void> decompress_page(Compression compression, std::string_view bytes, std::size_t size,
                             std::string& out) {
  if (size > kMostPageBytes || bytes.size() > kMostPageBytes) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("A page has {} bytes, more than the {} that are read.",
                            std::max(size, bytes.size()), kMostPageBytes));
  }
  if (compression == Compression::kNone) {
    if (bytes.size() != size) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("A page has {} bytes where its header says {}.", bytes.size(), size));
    }
    out.assign(bytes);
    return {};
  }
  out.resize(size);
  switch (compression) {
    case Compression::kSnappy: {
      std::size_t real = 0;
      if (!snappy::GetUncompressedLength(bytes.data(), bytes.size(), &real) || real != size ||
          !snappy::RawUncompress(bytes.data(), bytes.size(), out.data())) {
        return broken("Snappy");
      }
      return {};
    }
    case Compression::kZstd:
      if (ZSTD_decompress(out.data(), size, bytes.data(), bytes.size()) != size)
        return broken("Zstandard");
      return {};
    case Compression::kLz4Raw:
      if (size != 0 && LZ4_decompress_safe(bytes.data(), out.data(), static_cast<int>(bytes.size()),
                                           static_cast<int>(size)) != static_cast<int>(size)) {
        return broken("LZ4");
      }
      return {};
    case Compression::kGzip: {
      const auto library = inflate_library();
      if (!library) return pass(library);
      if (!inflate_all(**library, bytes, out)) return broken("gzip");
      return {};
    }
    case Compression::kBrotli: {
      std::size_t real = size;
      if (BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  &real, reinterpret_cast<std::uint8_t*>(out.data())) !=
              BROTLI_DECODER_RESULT_SUCCESS ||
          real != size) {
        return broken("Brotli");
      }
      return {};
    }
    default:
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("Pages are compressed in a way that is not read here (number {}). Write the "
                      "file with Zstandard, Snappy, LZ4_RAW, gzip, Brotli or none.",
                      static_cast<int>(compression)));
  }
}

}  // namespace stave::parquet
