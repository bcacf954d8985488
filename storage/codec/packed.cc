// Frame of reference: offsets from the smallest value, divided by what divides them all, packed
// side by side in as few bits as the largest needs. Bytes: format-spec/codecs/packed.md.
#include <algorithm>
#include <numeric>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"

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

// Of all offsets from the first value; 1 as soon as nothing larger is left.
std::uint64_t common_divisor(std::span<const std::int64_t> values, std::int64_t min) {
  std::uint64_t divisor = 0;
  for (const std::int64_t value : values) {
    const std::uint64_t offset =
        static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(min);
    if (divisor != 0 && offset % divisor == 0) {
      continue;
    }
    divisor = std::gcd(divisor, offset);
    if (divisor == 1) {
      break;
    }
  }
  return std::max<std::uint64_t>(divisor, 1);
}

// Makes room for `bytes` more and says where.
std::byte* grow(std::string& out, std::size_t bytes) {
  const std::size_t before = out.size();
  out.resize(before + bytes);
  return reinterpret_cast<std::byte*>(out.data()) + before;
}

void encode_codes(std::span<const std::uint32_t> values, NodeEncoder& encoder) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::uint32_t min = *low;
  const unsigned width = bit_width_of(*high - min);
  ByteWriter bytes = encoder.bytes();
  bytes.write_varint(min);
  bytes.write_u8(static_cast<std::uint8_t>(width));
  const auto rows = static_cast<std::uint32_t>(values.size());
  pack_bits(values.data(), rows, width, min, grow(encoder.out(), packed_bytes(rows, width)));
}

void encode_int64s(std::span<const std::int64_t> values, NodeEncoder& encoder) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::int64_t min = *low;
  const std::uint64_t spread = static_cast<std::uint64_t>(*high) - static_cast<std::uint64_t>(min);
  const std::uint64_t divisor = common_divisor(values, min);
  const unsigned width = bit_width_of(spread / divisor);
  ByteWriter bytes = encoder.bytes();
  bytes.write_signed_varint(min);
  bytes.write_varint(divisor);
  bytes.write_u8(static_cast<std::uint8_t>(width));
  const auto rows = static_cast<std::uint32_t>(values.size());
  std::byte* packed = grow(encoder.out(), packed_bytes(rows, width));
  const auto* offsets = reinterpret_cast<const std::uint64_t*>(values.data());
  auto base = static_cast<std::uint64_t>(min);
  std::vector<std::uint64_t> quotients;
  if (divisor != 1) {
    // The division leaves no rest, so it is a shift and a product with the inverse.
    const int shift = std::countr_zero(divisor);
    const std::uint64_t inverse = inverse_of_odd(divisor >> shift);
    quotients.resize(rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      quotients[i] = ((offsets[i] - base) >> shift) * inverse;
    }
    offsets = quotients.data();
    base = 0;
  }
  pack_bits(offsets, rows, width, base, packed);
}

}  // namespace

std::optional<double> estimate_packed(const NodeProfile& profile) {
  const std::uint64_t divisor =
      profile.values().kind == Physical::kInt64
          ? common_divisor(profile.values().as<std::int64_t>(), profile.min())
          : 1;
  const unsigned width = bit_width_of(profile.spread() / divisor);
  return 8.0 + static_cast<double>(packed_bytes(profile.rows(), width));
}

void encode_packed(const NodeValues& values, NodeEncoder& encoder) {
  if (values.kind == Physical::kCode) {
    encode_codes(values.as<std::uint32_t>(), encoder);
  } else {
    encode_int64s(values.as<std::int64_t>(), encoder);
  }
}

bool decode_packed(NodeDecoder& decoder, const NodeTarget& target) {
  ByteReader& in = decoder.in();
  const bool codes = target.kind == Physical::kCode;
  const std::uint64_t base =
      codes ? in.read_varint32() : static_cast<std::uint64_t>(in.read_signed_varint());
  const std::uint64_t divisor = codes ? 1 : in.read_varint();
  const unsigned width = in.read_u8();
  if (!in.ok() || divisor == 0 || width > (codes ? 32U : 64U)) {
    return decoder.damaged("The head of packed values is not possible.");
  }
  const auto packed = in.read_bytes(packed_bytes(target.rows, width));
  if (!in.ok()) {
    return decoder.damaged("Packed values are cut short.");
  }
  if (codes) {
    unpack_bits(packed.data(), target.rows, width, static_cast<std::uint32_t>(base),
                target.as<std::uint32_t>().data());
  } else {
    unpack_bits(packed.data(), target.rows, width, base, divisor,
                reinterpret_cast<std::uint64_t*>(target.as<std::int64_t>().data()));
  }
  return true;
}

}  // namespace stave
