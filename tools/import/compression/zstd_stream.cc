// Zstandard through libzstd, frame after frame.
#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "tools/import/compression/compression.h"
#include "tools/import/compression/decompressors.h"

namespace stave::loading {

namespace {

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(CompressedBytes& input) : input_(input), context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
  }

  Result<std::size_t> read(char* out, std::size_t size) override {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos < size) {
      if (Result<void> filled = input_.fill(1); !filled) return pass(filled);
      if (input_.at_end() && !inside_) break;
      const std::string_view view = input_.view();
      ZSTD_inBuffer source{view.data(), view.size(), 0};
      const std::size_t before = output.pos;
      const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &source);
      if (ZSTD_isError(left) != 0) return failure(left);
      input_.take(source.pos);
      inside_ = left != 0;
      if (view.empty() && output.pos == before) {
        return cut_off_input(Compression::kZstd, input_.path());
      }
    }
    return output.pos;
  }

 private:
  Failure failure(std::size_t code) const {
    switch (ZSTD_getErrorCode(code)) {
      case ZSTD_error_memory_allocation:
        throw std::bad_alloc();
      case ZSTD_error_frameParameter_windowTooLarge:
        return fail(ErrorCode::kInvalidData,
                    fmt::format("The compressed input was made with a window of more than 128 MiB: "
                                "{}. Pipe it in: `zstd -dc --long=31 FILE | stave import STORE "
                                "TABLE -`.",
                                input_.path()));
      case ZSTD_error_prefix_unknown:
        return broken_input(Compression::kZstd, input_.path(), "bytes that begin no frame");
      default:
        return broken_input(Compression::kZstd, input_.path(), ZSTD_getErrorName(code));
    }
  }

  CompressedBytes& input_;
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool inside_ = true;  // a frame has begun, or must
};

}  // namespace

std::unique_ptr<ByteStream> decompress_zstd(CompressedBytes& input) {
  return std::make_unique<ZstdStream>(input);
}

}  // namespace stave::loading
