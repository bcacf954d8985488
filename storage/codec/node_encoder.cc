// Chooses a codec for each node by what its values look like, and writes the tree.
// Invariant: no node lies deeper than kMaxNodeDepth below the root.
#include <utility>

#include "storage/codec/codec.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

// Takes any values of its kind, and is fast to write and to read.
CodecId basic_codec_of(Physical kind) {
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

// Whether a codec may stand at this depth. Inside it, strings need a node for their lengths, and
// exceptions or gaps one for themselves.
bool fits_at(const Codec& codec, Physical kind, unsigned depth) {
  const unsigned below = kind == Physical::kString ? 2 : 1;
  return !codec.holds_nodes || depth + below <= kMaxNodeDepth;
}

}  // namespace

CodecChoice choose_codec(const NodeProfile& profile, unsigned depth) {
  const Physical kind = profile.values().kind;
  CodecChoice best{basic_codec_of(kind), -1};
  if (profile.aim() == Aim::kFast) {
    return best;
  }
  if (profile.is_constant()) {
    return {CodecId::kConstant, 1};
  }
  for (const Codec& codec : all_codecs()) {
    if (!holds(codec.kinds, kind) || !fits_at(codec, kind, depth)) {
      continue;
    }
    const std::optional<double> bytes = codec.estimate(profile);
    if (!bytes) {
      continue;
    }
    const double cost = *bytes + codec.decode_cost * profile.rows() / 8;
    if (best.cost < 0 || cost < best.cost) {
      best = {codec.id, cost};
    }
  }
  return best;
}

bool can_repeat(const ChosenNode& earlier, NodeProfile& profile, unsigned depth) {
  const Codec& codec = codec_of(earlier.codec);
  const Physical kind = profile.values().kind;
  if (profile.aim() == Aim::kFast) {
    return earlier.codec == basic_codec_of(kind);
  }
  profile.recall(earlier.finding);
  return holds(codec.kinds, kind) && fits_at(codec, kind, depth) &&
         (profile.is_constant() == (earlier.codec == CodecId::kConstant)) &&
         codec.estimate(profile).has_value();
}

void NodeEncoder::write_node(const NodeValues& values) {
  NodeProfile profile(values, aim_);
  const std::size_t place = around_ == nullptr ? 0 : around_->inner.size();
  const ChosenNode* earlier =
      earlier_ != nullptr && place < earlier_->inner.size() ? &earlier_->inner[place] : nullptr;
  const bool again = earlier != nullptr && can_repeat(*earlier, profile, depth_);
  ChosenNode written =
      again ? write_node_as(earlier->codec, profile, earlier) : choose_and_write(profile);
  if (around_ != nullptr) {
    around_->inner.push_back(std::move(written));
  }
}

ChosenNode NodeEncoder::choose_and_write(NodeProfile& profile) {
  profile.forget();
  return write_node_as(choose_codec(profile, depth_).codec, profile, nullptr);
}

ChosenNode NodeEncoder::write_node_as(CodecId codec, const NodeProfile& profile,
                                      const ChosenNode* earlier) {
  ChosenNode node{codec, {}, {}};
  ChosenNode* const around = std::exchange(around_, &node);
  const ChosenNode* const earlier_around = std::exchange(earlier_, earlier);
  chain_.push_back(static_cast<char>(codec));
  bytes().write_u8(static_cast<std::uint8_t>(codec));
  ++depth_;
  codec_of(codec).encode(profile, *this);
  --depth_;
  node.finding = profile.finding(codec);
  around_ = around;
  earlier_ = earlier_around;
  return node;
}

}  // namespace stave
