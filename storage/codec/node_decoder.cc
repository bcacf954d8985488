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

bool NodeDecoder::read_node(const NodeTarget& target) {
  const std::uint8_t id = in_.read_u8();
  if (!in_.ok()) {
    return damaged("A node is missing.");
  }
  const Codec* codec = find_codec(id);
  if (codec == nullptr) {
    return damaged("No codec has this id: " + std::to_string(id) + ".");
  }
  if (!holds(codec->kinds, target.kind)) {
    return damaged("A codec does not take this kind of values: " + std::string(codec->name) + ".");
  }
  if (depth_ > kMaxNodeDepth) {
    return damaged("Nodes are nested too deep.");
  }
  ++depth_;
  const bool sound = codec->decode(*this, target);
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
