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
    Codec{CodecId::kPlain, "plain", kinds_of(kCode, kInt64, kInt128, kFloat64), false, true, 0.0,
          estimate_plain, encode_plain, decode_plain},
    Codec{CodecId::kConstant, "constant", kinds_of(kCode, kInt64, kInt128, kFloat64, kString),
          false, true, 0.0, estimate_constant, encode_constant, decode_constant, pick_constant,
          nullptr, test_constant},
    Codec{CodecId::kPacked, "packed", kinds_of(kCode, kInt64), false, true, 0.0, estimate_packed,
          encode_packed, decode_packed, pick_packed, keep_packed_node, test_packed},
    Codec{CodecId::kPlainStrings, "plain-strings", kinds_of(kString), true, true, 0.0,
          estimate_plain_strings, encode_plain_strings, decode_plain_strings},
    Codec{CodecId::kPatched, "patched", kinds_of(kCode, kInt64), true, true, 0.1, estimate_patched,
          encode_patched, decode_patched, pick_patched, keep_patched, test_patched},
    Codec{CodecId::kRunLength, "run-length", kinds_of(kCode, kInt64, kInt128, kFloat64, kString),
          true, true, 0.1, estimate_run_length, encode_run_length, decode_run_length},
    Codec{CodecId::kDelta, "delta", kinds_of(kCode, kInt64), true, false, 1.0, estimate_delta,
          encode_delta, decode_delta},
    Codec{CodecId::kMostFrequent, "most-frequent",
          kinds_of(kCode, kInt64, kInt128, kFloat64, kString), true, true, 0.2,
          estimate_most_frequent, encode_most_frequent, decode_most_frequent, pick_most_frequent,
          keep_most_frequent, test_most_frequent},
    Codec{CodecId::kBytePlanes, "byte-planes", kinds_of(kCode, kInt64, kFloat64), false, true, 0.5,
          estimate_byte_planes, encode_byte_planes, decode_byte_planes},
    Codec{CodecId::kDictionary, "dictionary", kinds_of(kCode, kInt64, kFloat64, kString), true,
          false, 0.5, estimate_dictionary, encode_dictionary, decode_dictionary},
    Codec{CodecId::kDecimal, "decimal", kinds_of(kFloat64), true, false, 0.5, estimate_decimal,
          encode_decimal, decode_decimal},
    Codec{CodecId::kFrontCoded, "front-coded", kinds_of(kString), true, false, 4.0,
          estimate_front_coded, encode_front_coded, decode_front_coded},
    Codec{CodecId::kNarrow, "narrow", kinds_of(kInt128), true, false, 0.2, estimate_narrow,
          encode_narrow, decode_narrow},
    Codec{CodecId::kHalves, "halves", kinds_of(kInt128), true, false, 0.4, estimate_halves,
          encode_halves, decode_halves},
    Codec{CodecId::kPredicted, "predicted", kinds_of(kCode, kInt64), true, false, 0.3,
          estimate_predicted, encode_predicted, decode_predicted, pick_predicted},
    Codec{CodecId::kRanked, "ranked", kinds_of(kCode), true, false, 0.3, estimate_ranked,
          encode_ranked, decode_ranked, pick_ranked, keep_ranked},
    Codec{CodecId::kSplit, "split", kinds_of(kCode, kInt64), true, true, 0.5, estimate_split,
          encode_split, decode_split, pick_split, keep_split, test_split},
    Codec{CodecId::kRepeats, "repeats", kinds_of(kCode), true, true, 1.5, estimate_repeats,
          encode_repeats, decode_repeats},
    Codec{CodecId::kAscents, "ascents", kinds_of(kInt64), true, false, 0.8, estimate_ascents,
          encode_ascents, decode_ascents, pick_ascents},
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
