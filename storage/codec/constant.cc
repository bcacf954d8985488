// One value for all rows. Bytes: format-spec/codecs/constant.md.
#include <algorithm>

#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"
#include "storage/codec/selection.h"

namespace stave {

std::optional<double> estimate_constant(const NodeProfile& profile) {
  if (!profile.is_constant()) {
    return std::nullopt;
  }
  return 1.0 + static_cast<double>(profile.text_bytes()) / profile.rows();
}

void encode_constant(const NodeProfile& profile, NodeEncoder& encoder) {
  visit(profile.values(), [&](auto span) {
    using T = typename decltype(span)::value_type;
    if constexpr (std::is_same_v<T, std::string_view>) {
      encoder.bytes().write_text(span[0]);
    } else {
      encoder.bytes().write_fixed(span[0]);
    }
  });
}

bool decode_constant(NodeDecoder& decoder, const NodeTarget& target) {
  return visit(target, [&](auto span) {
    using T = typename decltype(span)::value_type;
    T value;
    if constexpr (std::is_same_v<T, std::string_view>) {
      value = decoder.keep_text(std::as_bytes(std::span(decoder.in().read_text())));
    } else {
      value = decoder.in().template read_fixed<T>();
    }
    if (!decoder.in().ok()) {
      return decoder.damaged("The constant is cut short.");
    }
    std::fill(span.begin(), span.end(), value);
    return true;
  });
}

bool pick_constant(NodeDecoder& decoder, const WantedRows&, const NodeTarget& target) {
  return decode_constant(decoder, target);
}

bool test_constant(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                   std::uint64_t* bits) {
  const std::int64_t value = kind == Physical::kCode
                                 ? std::int64_t{decoder.in().read_fixed<std::uint32_t>()}
                                 : decoder.in().read_fixed<std::int64_t>();
  if (!decoder.in().ok()) {
    return decoder.damaged("The constant is cut short.");
  }
  fill_bits(bits, rows, holds_for(test, value));
  return true;
}

}  // namespace stave
