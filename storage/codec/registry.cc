// The table of codecs. A new one is a file, a row here, a page in format-spec/codecs/, a fuzz
// target and a bench; tests/storage/codec_registry_test.cc holds us to it.
#include <array>

#include "storage/codec/codec_functions.h"

namespace stave {
namespace {

constexpr auto kCode = Physical::kCode;
constexpr auto kInt64 = Physical::kInt64;
constexpr auto kInt128 = Physical::kInt128;
constexpr auto kFloat64 = Physical::kFloat64;
constexpr auto kString = Physical::kString;

constexpr std::array kCodecs{
    Codec{CodecId::kPlain, "plain", kinds_of(kCode, kInt64, kInt128, kFloat64), false, 0.0,
          estimate_plain, encode_plain, decode_plain},
    Codec{CodecId::kConstant, "constant", kinds_of(kCode, kInt64, kInt128, kFloat64, kString),
          false, 0.0, estimate_constant, encode_constant, decode_constant},
    Codec{CodecId::kPacked, "packed", kinds_of(kCode, kInt64), false, 0.0, estimate_packed,
          encode_packed, decode_packed},
    Codec{CodecId::kPlainStrings, "plain-strings", kinds_of(kString), true, 0.0,
          estimate_plain_strings, encode_plain_strings, decode_plain_strings},
};

}  // namespace

std::span<const Codec> all_codecs() {
  return kCodecs;
}

const Codec* find_codec(std::uint8_t id) {
  for (const Codec& codec : kCodecs) {
    if (static_cast<std::uint8_t>(codec.id) == id) {
      return &codec;
    }
  }
  return nullptr;
}

const Codec& codec_of(CodecId id) {
  return *find_codec(static_cast<std::uint8_t>(id));
}

std::string chain_text(std::string_view chain) {
  std::string text;
  for (const char id : chain) {
    const Codec* codec = find_codec(static_cast<std::uint8_t>(id));
    text += text.empty() ? "" : "+";
    text += codec == nullptr ? "unknown" : codec->name;
  }
  return text;
}

}  // namespace stave
