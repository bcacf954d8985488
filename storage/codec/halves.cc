// 128-bit integers as their upper and lower 64 bits, each a node of its own.
// Bytes: format-spec/codecs/halves.md.
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

struct Halves {
  std::vector<std::int64_t> high;
  std::vector<std::int64_t> low;
};

Halves halves_of(std::span<const Int128> values) {
  Halves halves;
  for (const Int128 value : values) {
    halves.high.push_back(static_cast<std::int64_t>(value >> 64));
    halves.low.push_back(static_cast<std::int64_t>(static_cast<UInt128>(value)));
  }
  return halves;
}

}  // namespace

std::optional<double> estimate_halves(const NodeProfile& profile) {
  const Halves halves = halves_of(profile.sample().as<Int128>());
  return 2 + profile.sample_weight() *
                 (estimate_inner(std::span<const std::int64_t>(halves.high), profile.aim()) +
                  estimate_inner(std::span<const std::int64_t>(halves.low), profile.aim()));
}

void encode_halves(const NodeProfile& profile, NodeEncoder& encoder) {
  const Halves halves = halves_of(profile.values().as<Int128>());
  encoder.write_node(std::span<const std::int64_t>(halves.high));
  encoder.write_node(std::span<const std::int64_t>(halves.low));
}

bool decode_halves(NodeDecoder& decoder, const NodeTarget& target) {
  const auto high = decoder.arena().take<std::int64_t>(target.rows);
  const auto low = decoder.arena().take<std::int64_t>(target.rows);
  if (!decoder.read_node(high) || !decoder.read_node(low)) {
    return false;
  }
  const auto values = target.as<Int128>();
  for (std::uint32_t i = 0; i < target.rows; ++i) {
    const UInt128 upper = static_cast<UInt128>(static_cast<std::uint64_t>(high[i])) << 64;
    values[i] = static_cast<Int128>(upper | static_cast<std::uint64_t>(low[i]));
  }
  return true;
}

}  // namespace stave
