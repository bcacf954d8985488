// The compressions of Parquet pages. Invariant: what comes out has exactly the size that was asked
// for, or it is an error; any bytes may go in.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

// Keeps the working memory of the libraries from page to page; for one thread at a time.
class PageCompressor {
 public:
  // kNone, kSnappy, kZstd or kLz4Raw.
  explicit PageCompressor(Compression compression);
  ~PageCompressor();
  PageCompressor(const PageCompressor&) = delete;
  PageCompressor& operator=(const PageCompressor&) = delete;

  Compression compression() const { return compression_; }
  // Valid until the next call, and as long as `bytes`. `are_numbers`: of 8 bytes each.
  Result<std::string_view> compress(std::string_view bytes, bool are_numbers);

 private:
  struct Memory;
  Result<std::size_t> compress_by_zstd(std::string_view bytes, bool are_numbers);
  void room_for(std::size_t size);

  Compression compression_;
  std::unique_ptr<Memory> memory_;
  std::vector<char> room_;
};

}  // namespace stave::parquet
