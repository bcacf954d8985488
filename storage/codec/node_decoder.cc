// Reads a tree of nodes. Invariant: no more than kMaxNodeDepth nodes below the root, and each codec
// gets only the kinds that its row in the table names.
#include <cstring>

#include "storage/codec/codec.h"

namespace stave {

std::string_view NodeDecoder::keep_text(std::span<const std::byte> text) {
  if (input_stays_ || text.empty()) {
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }
  const auto kept = arena_.take<char>(text.size());
  std::memcpy(kept.data(), text.data(), text.size());
  return {kept.data(), kept.size()};
}

const Codec* NodeDecoder::next_codec(Physical kind) {
  const std::uint8_t id = in_.read_u8();
  if (!in_.ok()) {
    damaged("A node is missing.");
    return nullptr;
  }
  const Codec* codec = find_codec(id);
  if (codec == nullptr) {
    damaged("No codec has this id: " + std::to_string(id) + ".");
    return nullptr;
  }
  if (!holds(codec->kinds, kind)) {
    damaged("A codec does not take this kind of values: " + std::string(codec->name) + ".");
    return nullptr;
  }
  if (depth_ > kMaxNodeDepth) {
    damaged("Nodes are nested too deep.");
    return nullptr;
  }
  return codec;
}

bool NodeDecoder::read_node(const NodeTarget& target) {
  const Codec* const codec = next_codec(target.kind);
  if (codec == nullptr) {
    return false;
  }
  ++depth_;
  const bool sound = codec->decode(*this, target);
  --depth_;
  return sound;
}

bool NodeDecoder::pick_node(const WantedRows& wanted, const NodeTarget& target) {
  const Codec* const codec = next_codec(target.kind);
  if (codec == nullptr) {
    return false;
  }
  ++depth_;
  const bool sound =
      codec->pick != nullptr ? codec->pick(*this, wanted, target) : visit(target, [&](auto out) {
        using T = typename decltype(out)::element_type;
        const auto all = arena_.take<T>(wanted.rows);
        if (!codec->decode(*this, all)) return false;
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = all[wanted.at[i]];
        return true;
      });
  --depth_;
  return sound;
}

bool NodeDecoder::damaged(std::string_view problem) {
  if (problem_.empty()) {
    problem_ = problem;
  }
  in_.fail();
  return false;
}

}  // namespace stave
