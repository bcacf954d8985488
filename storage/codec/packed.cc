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

namespace {

struct PackedNode {
  Frame frame;
  unsigned width = 0;
  std::span<const std::byte> packed;
};

std::optional<PackedNode> read_packed(NodeDecoder& decoder, Physical kind, std::uint32_t rows) {
  PackedNode node;
  node.frame = read_frame(kind, decoder);
  node.width = decoder.in().read_u8();
  if (!decoder.in().ok() || node.width > (kind == Physical::kCode ? 32U : 64U)) {
    decoder.damaged("The width of packed values is not possible.");
    return std::nullopt;
  }
  node.packed = decoder.in().read_bytes(packed_bytes(rows, node.width));
  if (!decoder.in().ok()) {
    decoder.damaged("Packed values are cut short.");
    return std::nullopt;
  }
  return node;
}

}  // namespace

bool decode_packed(NodeDecoder& decoder, const NodeTarget& target) {
  const auto node = read_packed(decoder, target.kind, target.rows);
  if (!node) {
    return false;
  }
  if (target.kind == Physical::kCode) {
    unpack_bits(node->packed.data(), target.rows, node->width,
                static_cast<std::uint32_t>(node->frame.reference),
                target.as<std::uint32_t>().data());
  } else {
    unpack_bits(node->packed.data(), target.rows, node->width, node->frame.reference,
                node->frame.divisor, static_cast<std::uint64_t*>(target.data));
  }
  return true;
}

bool pick_packed(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  const auto node = read_packed(decoder, target.kind, wanted.rows);
  if (!node) {
    return false;
  }
  const auto value_at = [&](std::size_t i) {
    return unpack_one(node->packed.data(), wanted.rows, node->width, wanted.at[i]);
  };
  if (target.kind == Physical::kCode) {
    const auto out = target.as<std::uint32_t>();
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::uint32_t>(node->frame.reference + value_at(i));
    }
  } else {
    const auto out = target.as<std::int64_t>();
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::int64_t>(node->frame.reference + value_at(i) * node->frame.divisor);
    }
  }
  return true;
}

}  // namespace stave
