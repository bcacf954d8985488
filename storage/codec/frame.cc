// Bytes: format-spec/codecs/packed.md, "Frame".
#include "storage/codec/frame.h"

namespace stave {
ReferenceFrame frame_of(const NodeProfile& profile) {
  return {static_cast<std::uint64_t>(profile.min()),
          profile.aim() == Aim::kFast ? 1 : profile.divisor()};
}

void write_frame(const ReferenceFrame& frame, Physical kind, NodeEncoder& encoder) {
  ByteWriter bytes = encoder.bytes();
  if (kind == Physical::kCode) {
    bytes.write_varint(frame.reference);
  } else {
    bytes.write_signed_varint(static_cast<std::int64_t>(frame.reference));
    bytes.write_varint(frame.divisor);
  }
}

ReferenceFrame read_frame(Physical kind, NodeDecoder& decoder) {
  ReferenceFrame frame;
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

std::vector<std::uint64_t> quotients_in(const ReferenceFrame& frame, const NodeValues& values) {
  const ExactDivision division(frame.divisor);
  std::vector<std::uint64_t> quotients(values.rows);
  const auto fill = [&](auto span) {
    for (std::uint32_t i = 0; i < values.rows; ++i) {
      quotients[i] = division.quotient(static_cast<std::uint64_t>(span[i]) - frame.reference);
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
