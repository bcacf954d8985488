// The lengths of strings as a node of their own, then their bytes end to end.
// Bytes: format-spec/codecs/plain-strings.md.
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"

namespace stave {

std::optional<double> estimate_plain_strings(const NodeProfile& profile) {
  return static_cast<double>(profile.text_bytes()) + profile.rows();
}

void encode_plain_strings(const NodeProfile& profile, NodeEncoder& encoder) {
  const auto strings = profile.values().as<std::string_view>();
  std::vector<std::uint32_t> lengths(strings.size());
  for (std::size_t i = 0; i < strings.size(); ++i) {
    lengths[i] = static_cast<std::uint32_t>(strings[i].size());
  }
  encoder.write_node(std::span<const std::uint32_t>(lengths));
  for (const std::string_view text : strings) {
    encoder.out().append(text);
  }
}

bool decode_plain_strings(NodeDecoder& decoder, const NodeTarget& target) {
  const auto lengths = decoder.arena().take<std::uint32_t>(target.rows);
  if (!decoder.read_node(lengths)) {
    return false;
  }
  std::uint64_t total = 0;
  for (const std::uint32_t length : lengths) {
    total += length;
  }
  const auto bytes = decoder.in().read_bytes(total);
  if (!decoder.in().ok()) {
    return decoder.damaged("The bytes of strings are cut short.");
  }
  const std::string_view text = decoder.keep_text(bytes);
  const auto strings = target.as<std::string_view>();
  std::size_t begin = 0;
  for (std::uint32_t i = 0; i < target.rows; ++i) {
    strings[i] = std::string_view(text.data() + begin, lengths[i]);
    begin += lengths[i];
  }
  return true;
}

}  // namespace stave
