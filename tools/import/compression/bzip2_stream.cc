// bzip2 through libbz2.
#include <bzlib.h>

#include <algorithm>
#include <new>

#include "tools/import/compression/compression.h"
#include "tools/import/compression/decompressors.h"

namespace stave::loading {

namespace {

// The library counts in 32 bits.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;

class Bzip2Stream final : public ByteStream {
 public:
  explicit Bzip2Stream(CompressedBytes& input) : input_(input) {}
  ~Bzip2Stream() override { end_stream(); }
  Bzip2Stream(const Bzip2Stream&) = delete;
  Bzip2Stream& operator=(const Bzip2Stream&) = delete;

  Result<std::size_t> read(char* out, std::size_t size) override {
    std::size_t done = 0;
    while (done < size && !at_end_) {
      if (!inside_) {
        if (Result<void> begun = begin_stream(); !begun) return pass(begun);
        continue;
      }
      Result<std::size_t> got = decompress(out + done, std::min(size - done, kMostAtOnce));
      if (!got) return got;
      done += *got;
    }
    return done;
  }

 private:
  Result<void> begin_stream() {
    constexpr std::size_t kMagic = 3;
    if (Result<void> filled = input_.fill(kMagic); !filled) return filled;
    if (!input_.view().starts_with("BZh")) {
      at_end_ = true;
      return input_.drop_rest();
    }
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    inside_ = true;
    return {};
  }

  void end_stream() {
    if (inside_) BZ2_bzDecompressEnd(&stream_);
    inside_ = false;
  }

  Result<std::size_t> decompress(char* out, std::size_t size) {
    if (Result<void> filled = input_.fill(1); !filled) return pass(filled);
    const std::string_view view = input_.view().substr(0, kMostAtOnce);
    stream_.next_in = const_cast<char*>(view.data());  // it is only read
    stream_.avail_in = static_cast<unsigned>(view.size());
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(size);
    const int code = BZ2_bzDecompress(&stream_);
    input_.take(view.size() - stream_.avail_in);
    const std::size_t made = size - stream_.avail_out;
    if (code == BZ_STREAM_END) {
      end_stream();
    } else if (code == BZ_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (code != BZ_OK) {
      return broken_input(Compression::kBzip2, input_.path(), "no valid data, or a wrong checksum");
    } else if (made == 0 && view.empty()) {
      return cut_off_input(Compression::kBzip2, input_.path());
    }
    return made;
  }

  CompressedBytes& input_;
  bz_stream stream_{};
  bool inside_ = false;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> decompress_bzip2(CompressedBytes& input) {
  return std::make_unique<Bzip2Stream>(input);
}

}  // namespace stave::loading
