// Each string as what it shares with the one before, and the rest. Bytes:
// format-spec/codecs/front-coded.md. Invariant: what comes out is bounded by what went in, as with
// compression.
#include <algorithm>
#include <cstring>

#include "storage/codec/codec_functions.h"
#include "storage/codec/compression.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

std::uint32_t shared_prefix(std::string_view left, std::string_view right) {
  const std::size_t most = std::min(left.size(), right.size());
  std::size_t shared = 0;
  while (shared < most && left[shared] == right[shared]) {
    ++shared;
  }
  return static_cast<std::uint32_t>(shared);
}

struct Fronts {
  std::vector<std::uint32_t> prefixes;
  std::vector<std::uint32_t> rests;
  std::uint64_t rest_bytes = 0;
};

Fronts fronts_of(std::span<const std::string_view> strings) {
  Fronts fronts;
  std::string_view before;
  for (const std::string_view text : strings) {
    fronts.prefixes.push_back(shared_prefix(before, text));
    fronts.rests.push_back(static_cast<std::uint32_t>(text.size()) - fronts.prefixes.back());
    fronts.rest_bytes += fronts.rests.back();
    before = text;
  }
  return fronts;
}

constexpr bool within_bounds(std::uint64_t text_bytes, std::uint64_t rest_bytes) {
  return text_bytes <= rest_bytes * kMaxExpansion + kExpansionAllowance;
}

}  // namespace

std::optional<double> estimate_front_coded(const NodeProfile& profile) {
  const auto strings = profile.values().as<std::string_view>();
  const Fronts fronts = fronts_of(strings);
  const std::uint64_t shared = profile.text_bytes() - fronts.rest_bytes;
  if (shared < 2 * std::uint64_t{profile.rows()} ||
      !within_bounds(profile.text_bytes(), fronts.rest_bytes)) {
    return std::nullopt;
  }
  return static_cast<double>(fronts.rest_bytes) +
         estimate_inner(std::span<const std::uint32_t>(fronts.prefixes), profile.aim()) +
         estimate_inner(std::span<const std::uint32_t>(fronts.rests), profile.aim());
}

void encode_front_coded(const NodeProfile& profile, NodeEncoder& encoder) {
  const auto strings = profile.values().as<std::string_view>();
  const Fronts fronts = fronts_of(strings);
  encoder.write_node(std::span<const std::uint32_t>(fronts.prefixes));
  encoder.write_node(std::span<const std::uint32_t>(fronts.rests));
  for (std::size_t i = 0; i < strings.size(); ++i) {
    encoder.out().append(strings[i].substr(fronts.prefixes[i]));
  }
}

bool decode_front_coded(NodeDecoder& decoder, const NodeTarget& target) {
  const auto prefixes = decoder.arena().take<std::uint32_t>(target.rows);
  const auto rests = decoder.arena().take<std::uint32_t>(target.rows);
  if (!decoder.read_node(prefixes) || !decoder.read_node(rests)) {
    return false;
  }
  std::uint64_t text_bytes = 0;
  std::uint64_t rest_bytes = 0;
  std::uint64_t length_before = 0;
  for (std::uint32_t i = 0; i < target.rows; ++i) {
    if (prefixes[i] > length_before) {
      return decoder.damaged("A string shares more than the one before has.");
    }
    length_before = std::uint64_t{prefixes[i]} + rests[i];
    text_bytes += length_before;
    rest_bytes += rests[i];
  }
  const auto bytes = decoder.in().read_bytes(rest_bytes);
  if (!decoder.in().ok() || !within_bounds(text_bytes, rest_bytes)) {
    return decoder.damaged("Front-coded strings are cut short or expand too much.");
  }
  char* to = decoder.arena().take<char>(text_bytes).data();
  const char* from = reinterpret_cast<const char*>(bytes.data());
  std::string_view before;
  const auto strings = target.as<std::string_view>();
  for (std::uint32_t i = 0; i < target.rows; ++i) {
    char* begin = to;
    to = std::copy_n(before.data(), prefixes[i], to);
    to = std::copy_n(from, rests[i], to);
    from += rests[i];
    before = std::string_view(begin, static_cast<std::size_t>(to - begin));
    strings[i] = before;
  }
  return true;
}

}  // namespace stave
