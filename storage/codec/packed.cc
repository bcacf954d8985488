// Frame of reference: offsets from the smallest value, divided by what divides them all, packed
// side by side in as few bits as the largest needs. Bytes: format-spec/codecs/packed.md.
#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/frame.h"

namespace stave {
namespace {

// Makes room for `bytes` more and says where.
std::byte* grow(std::string& out, std::size_t bytes) {
  const std::size_t before = out.size();
  out.resize(before + bytes);
  return reinterpret_cast<std::byte*>(out.data()) + before;
}

}  // namespace

std::optional<double> estimate_packed(const NodeProfile& profile) {
  const unsigned width = bit_width_of(profile.spread() / profile.divisor());
  return 4.0 + static_cast<double>(packed_bytes(profile.rows(), width));
}

void encode_packed(const NodeProfile& profile, NodeEncoder& encoder) {
  const NodeValues& values = profile.values();
  const Frame frame = frame_of(profile);
  const unsigned width = bit_width_of(profile.spread() / frame.divisor);
  write_frame(frame, values.kind, encoder);
  encoder.bytes().write_u8(static_cast<std::uint8_t>(width));
  std::byte* packed = grow(encoder.out(), packed_bytes(values.rows, width));
  if (values.kind == Physical::kCode) {
    pack_bits(values.as<std::uint32_t>().data(), values.rows, width,
              static_cast<std::uint32_t>(frame.reference), packed);
  } else if (frame.divisor == 1) {
    pack_bits(static_cast<const std::uint64_t*>(values.data), values.rows, width, frame.reference,
              packed);
  } else {
    const std::vector<std::uint64_t> quotients = quotients_in(frame, values);
    pack_bits(quotients.data(), values.rows, width, std::uint64_t{0}, packed);
  }
}

bool decode_packed(NodeDecoder& decoder, const NodeTarget& target) {
  const Frame frame = read_frame(target.kind, decoder);
  const unsigned width = decoder.in().read_u8();
  if (!decoder.in().ok() || width > (target.kind == Physical::kCode ? 32U : 64U)) {
    return decoder.damaged("The width of packed values is not possible.");
  }
  const auto packed = decoder.in().read_bytes(packed_bytes(target.rows, width));
  if (!decoder.in().ok()) {
    return decoder.damaged("Packed values are cut short.");
  }
  if (target.kind == Physical::kCode) {
    unpack_bits(packed.data(), target.rows, width, static_cast<std::uint32_t>(frame.reference),
                target.as<std::uint32_t>().data());
  } else {
    unpack_bits(packed.data(), target.rows, width, frame.reference, frame.divisor,
                static_cast<std::uint64_t*>(target.data));
  }
  return true;
}

}  // namespace stave
