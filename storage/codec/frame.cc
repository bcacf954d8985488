// Bytes: format-spec/codecs/packed.md, "Frame".
#include "storage/codec/frame.h"

#include <bit>

namespace stave {
namespace {

// The multiplicative inverse of an odd number modulo 2^64, by Newton's method.
constexpr std::uint64_t inverse_of_odd(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int i = 0; i < 5; ++i) {
    inverse *= 2 - odd * inverse;
  }
  return inverse;
}

}  // namespace

Frame frame_of(const NodeProfile& profile) {
  return {static_cast<std::uint64_t>(profile.min()),
          profile.aim() == Aim::kFast ? 1 : profile.divisor()};
}

void write_frame(const Frame& frame, Physical kind, NodeEncoder& encoder) {
  ByteWriter bytes = encoder.bytes();
  if (kind == Physical::kCode) {
    bytes.write_varint(frame.reference);
  } else {
    bytes.write_signed_varint(static_cast<std::int64_t>(frame.reference));
    bytes.write_varint(frame.divisor);
  }
}

Frame read_frame(Physical kind, NodeDecoder& decoder) {
  Frame frame;
  if (kind == Physical::kCode) {
    frame.reference = decoder.in().read_varint32();
  } else {
    frame.reference = static_cast<std::uint64_t>(decoder.in().read_signed_varint());
    frame.divisor = decoder.in().read_varint();
  }
  if (!decoder.in().ok() || frame.divisor == 0) {
    decoder.damaged("A frame of reference is not possible.");
  }
  return frame;
}

std::vector<std::uint64_t> quotients_in(const Frame& frame, const NodeValues& values) {
  // A division without a rest is a shift and a product with the inverse.
  const int shift = std::countr_zero(frame.divisor);
  const std::uint64_t inverse = inverse_of_odd(frame.divisor >> shift);
  std::vector<std::uint64_t> quotients(values.rows);
  const auto fill = [&](auto span) {
    for (std::uint32_t i = 0; i < values.rows; ++i) {
      const std::uint64_t offset = static_cast<std::uint64_t>(span[i]) - frame.reference;
      quotients[i] = (offset >> shift) * inverse;
    }
  };
  if (values.kind == Physical::kCode) {
    fill(values.as<std::uint32_t>());
  } else {
    fill(values.as<std::int64_t>());
  }
  return quotients;
}

}  // namespace stave
