// 128-bit integers that all fit 64 bits. Bytes: format-spec/codecs/narrow.md.
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

// Nothing where one does not fit.
std::optional<std::vector<std::int64_t>> narrowed(std::span<const Int128> values) {
  std::vector<std::int64_t> narrow(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    narrow[i] = static_cast<std::int64_t>(values[i]);
    if (narrow[i] != values[i]) {
      return std::nullopt;
    }
  }
  return narrow;
}

}  // namespace

std::optional<double> estimate_narrow(const NodeProfile& profile) {
  const auto narrow = narrowed(profile.values().as<Int128>());
  if (!narrow) {
    return std::nullopt;
  }
  return 1 + estimate_inner(std::span<const std::int64_t>(*narrow), profile.aim());
}

void encode_narrow(const NodeProfile& profile, NodeEncoder& encoder) {
  const auto narrow = narrowed(profile.values().as<Int128>());
  encoder.write_node(std::span<const std::int64_t>(*narrow));
}

bool decode_narrow(NodeDecoder& decoder, const NodeTarget& target) {
  const auto narrow = decoder.arena().take<std::int64_t>(target.rows);
  if (!decoder.read_node(narrow)) {
    return false;
  }
  std::copy(narrow.begin(), narrow.end(), target.as<Int128>().begin());
  return true;
}

}  // namespace stave
