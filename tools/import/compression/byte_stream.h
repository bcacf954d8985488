// A run of bytes that is read once, from its beginning to its end.
#pragma once

#include <cstddef>

#include "stave/result.h"

namespace stave::loading {

class ByteStream {
 public:
  ByteStream() = default;
  virtual ~ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  // Fills `out`; fewer bytes than asked for only at the end.
  virtual Result<std::size_t> read(char* out, std::size_t size) = 0;
};

}  // namespace stave::loading
