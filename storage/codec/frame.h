// A frame of reference, the head of packed, patched and byte-plane nodes: what is subtracted from
// each value and what the rest is divided by. Bytes: format-spec/codecs/packed.md, "Frame".
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/codec/codec.h"
#include "storage/codec/profile.h"

namespace stave {

struct ReferenceFrame {
  std::uint64_t reference = 0;  // a code, or the bits of an i64
  std::uint64_t divisor = 1;    // 1 for codes
};

// The one that makes all values smallest.
ReferenceFrame frame_of(const NodeProfile& profile);

void write_frame(const ReferenceFrame& frame, Physical kind, NodeEncoder& encoder);
// Fails the decoder's input where the bytes are no frame.
ReferenceFrame read_frame(Physical kind, NodeDecoder& decoder);

// Divides multiples of a number: a shift, and a product with the inverse of the odd part modulo
// 2^64.
class ExactDivision {
 public:
  explicit ExactDivision(std::uint64_t divisor)
      : shift_(std::countr_zero(divisor)), inverse_(divisor >> shift_) {
    const std::uint64_t odd = inverse_;
    // Newton's method.
    for (int i = 0; i < 5; ++i) {
      inverse_ *= 2 - odd * inverse_;
    }
  }
  std::uint64_t quotient(std::uint64_t multiple) const { return (multiple >> shift_) * inverse_; }

 private:
  int shift_;
  std::uint64_t inverse_;
};

// (value - reference) / divisor of each value; the division leaves no rest.
std::vector<std::uint64_t> quotients_in(const ReferenceFrame& frame, const NodeValues& values);

}  // namespace stave
