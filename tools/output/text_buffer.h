// Text on its way out, handed on in pieces large enough that the sink's cost does not matter.
// Invariant: after `flush` nothing is held back.
#pragma once

#include <string>
#include <utility>

#include "stave/output.h"

namespace stave {

class TextBuffer {
 public:
  explicit TextBuffer(TextSink write) : write_(std::move(write)) {}

  // To append to directly; call `drain` now and then.
  std::string& text() { return text_; }

  Result<void> drain() { return text_.size() < kPieceBytes ? Result<void>{} : flush(); }

  Result<void> flush() {
    if (text_.empty()) return {};
    auto written = write_(text_);
    text_.clear();
    return written;
  }

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 18;
  TextSink write_;
  std::string text_;
};

}  // namespace stave
