// The compressed bytes that a decompressor works on: looked at as they lie in a buffer, taken as
// they are used.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/raw_input.h"

namespace stave::loading {

class CompressedBytes {
 public:
  explicit CompressedBytes(RawInput& input) : input_(input) {}

  std::string_view view() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void take(std::size_t size) { begin_ += size; }
  // Reads on until `view` has that many bytes; it has fewer only at the end of the input.
  Result<void> fill(std::size_t wanted);
  // Reads to the end of the input, whose hash is of all its bytes.
  Result<void> drop_rest();
  bool at_end() const { return at_end_ && begin_ == end_; }

  const std::string& path() const { return input_.path(); }

 private:
  RawInput& input_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;  // of `input_`
};

}  // namespace stave::loading
