// Chooses a codec for each node by what its values look like, and writes the tree.
// Invariant: a node at the depth limit holds no further nodes.
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

// Fast to write and to read, whatever the values.
CodecId fast_codec_of(Physical kind) {
  switch (kind) {
    case Physical::kCode:
    case Physical::kInt64:
      return CodecId::kPacked;
    case Physical::kString:
      return CodecId::kPlainStrings;
    default:
      return CodecId::kPlain;
  }
}

}  // namespace

void NodeEncoder::write_node(const NodeValues& values) {
  if (effort_ == Effort::kFast) {
    write_node_as(fast_codec_of(values.kind), values);
    return;
  }
  const NodeProfile profile(values);
  const Codec* best = &codec_of(fast_codec_of(values.kind));
  double best_cost = -1;
  // A string needs a node below for its lengths.
  const unsigned below = values.kind == Physical::kString ? 2 : 1;
  for (const Codec& codec : all_codecs()) {
    const bool fits = !codec.holds_nodes || depth_ + below <= kMaxNodeDepth ||
                      codec.id == fast_codec_of(values.kind);
    if (!fits || !holds(codec.kinds, values.kind)) {
      continue;
    }
    const std::optional<double> bytes = codec.estimate(profile);
    if (!bytes) {
      continue;
    }
    const double cost = *bytes + codec.decode_cost * values.rows / 8;
    if (best_cost < 0 || cost < best_cost) {
      best = &codec;
      best_cost = cost;
    }
  }
  write_node_as(best->id, values);
}

void NodeEncoder::write_node_as(CodecId codec, const NodeValues& values) {
  chain_.push_back(static_cast<char>(codec));
  bytes().write_u8(static_cast<std::uint8_t>(codec));
  ++depth_;
  codec_of(codec).encode(values, *this);
  --depth_;
}

}  // namespace stave
