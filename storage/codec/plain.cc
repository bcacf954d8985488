// Values as they are, in their fixed width. Bytes: format-spec/codecs/plain.md.
#include "storage/codec/codec_functions.h"

#include <cstring>

#include "storage/codec/profile.h"

namespace stave {

std::optional<double> estimate_plain(const NodeProfile& profile) {
  return visit(profile.values(), [](auto span) { return static_cast<double>(span.size_bytes()); });
}

void encode_plain(const NodeProfile& profile, NodeEncoder& encoder) {
  visit(profile.values(), [&](auto span) { encoder.bytes().write_bytes(std::as_bytes(span)); });
}

bool decode_plain(NodeDecoder& decoder, const NodeTarget& target) {
  return visit(target, [&](auto span) {
    const auto bytes = decoder.in().read_bytes(span.size_bytes());
    if (bytes.size() != span.size_bytes()) {
      return decoder.damaged("Plain values are cut short.");
    }
    if constexpr (std::is_trivially_copyable_v<typename decltype(span)::value_type>) {
      std::memcpy(static_cast<void*>(span.data()), bytes.data(), bytes.size());
    }
    return true;
  });
}

}  // namespace stave
