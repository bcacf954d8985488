// All lowest bytes, then all second bytes, and so on: no smaller by itself, but what a compressor
// can use. Codes and i64 are put into a frame first. Bytes: format-spec/codecs/byte-planes.md.
#include <array>
#include <cmath>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/frame.h"

namespace stave {
namespace {

unsigned planes_for(std::uint64_t largest) {
  return (bit_width_of(largest) + 7) / 8;
}

// Bytes that an entropy coder needs for one plane of the values.
double entropy_of_plane(std::span<const std::uint64_t> values, unsigned plane) {
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint64_t value : values) {
    ++counts[value >> (8 * plane) & 0xFF];
  }
  double bits = 0;
  unsigned distinct = 0;
  for (const std::uint32_t count : counts) {
    if (count > 0) {
      bits += count * std::log2(static_cast<double>(values.size()) / count);
      ++distinct;
    }
  }
  return bits / 8 + distinct * 0.5;
}

// What is split: quotients in the frame, or bit patterns.
std::vector<std::uint64_t> words_of(const NodeValues& values, const ReferenceFrame& frame) {
  if (values.kind != Physical::kFloat64) {
    return quotients_in(frame, values);
  }
  const auto* bits = static_cast<const std::uint64_t*>(values.data);
  return {bits, bits + values.rows};
}

}  // namespace

std::optional<double> estimate_byte_planes(const NodeProfile& profile) {
  if (profile.aim() != Aim::kCompressor) {
    return std::nullopt;
  }
  const bool framed = profile.values().kind != Physical::kFloat64;
  const ReferenceFrame frame = framed ? frame_of(profile) : ReferenceFrame{};
  const unsigned planes = framed ? planes_for(profile.spread() / frame.divisor) : 8;
  const std::vector<std::uint64_t> words = words_of(profile.sample(), frame);
  double bytes = 8;
  for (unsigned plane = 0; plane < planes; ++plane) {
    bytes += entropy_of_plane(words, plane) * profile.sample_weight();
  }
  return bytes;
}

void encode_byte_planes(const NodeProfile& profile, NodeEncoder& encoder) {
  const NodeValues& values = profile.values();
  ReferenceFrame frame;
  unsigned planes = 8;
  if (values.kind != Physical::kFloat64) {
    frame = frame_of(profile);
    planes = planes_for(profile.spread() / frame.divisor);
    write_frame(frame, values.kind, encoder);
  }
  encoder.bytes().write_u8(static_cast<std::uint8_t>(planes));
  const std::vector<std::uint64_t> words = words_of(values, frame);
  const std::size_t before = encoder.out().size();
  encoder.out().resize(before + planes * words.size());
  char* to = encoder.out().data() + before;
  for (unsigned plane = 0; plane < planes; ++plane) {
    for (const std::uint64_t word : words) {
      *to++ = static_cast<char>(word >> (8 * plane));
    }
  }
}

bool decode_byte_planes(NodeDecoder& decoder, const NodeTarget& target) {
  const bool framed = target.kind != Physical::kFloat64;
  const ReferenceFrame frame = framed ? read_frame(target.kind, decoder) : ReferenceFrame{};
  const unsigned planes = decoder.in().read_u8();
  const auto bytes = decoder.in().read_bytes(std::uint64_t{planes} * target.rows);
  if (!decoder.in().ok() || planes > (target.kind == Physical::kCode ? 4U : 8U)) {
    return decoder.damaged("Byte planes are not possible or cut short.");
  }
  const auto words = decoder.arena().take<std::uint64_t>(target.rows);
  std::fill(words.begin(), words.end(), 0U);
  for (unsigned plane = 0; plane < planes; ++plane) {
    const std::byte* from = bytes.data() + std::size_t{plane} * target.rows;
    for (std::uint32_t i = 0; i < target.rows; ++i) {
      words[i] |= std::to_integer<std::uint64_t>(from[i]) << (8 * plane);
    }
  }
  if (target.kind == Physical::kCode) {
    const auto codes = target.as<std::uint32_t>();
    for (std::uint32_t i = 0; i < target.rows; ++i) {
      codes[i] = static_cast<std::uint32_t>(frame.reference + words[i]);
    }
  } else {
    // Also right for bit patterns: their frame is empty.
    auto* out = static_cast<std::byte*>(target.data);
    for (std::uint32_t i = 0; i < target.rows; ++i) {
      const std::uint64_t value = frame.reference + words[i] * frame.divisor;
      std::memcpy(out + std::size_t{i} * sizeof(value), &value, sizeof(value));
    }
  }
  return true;
}

}  // namespace stave
