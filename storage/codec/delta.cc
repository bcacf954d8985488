// The first value and the differences of neighbours. Bytes: format-spec/codecs/delta.md.
#include <cmath>

#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

template <typename T>
std::vector<std::int64_t> differences_of(std::span<const T> values) {
  std::vector<std::int64_t> differences(values.size() - 1);
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    differences[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i + 1]) -
                                               static_cast<std::uint64_t>(values[i]));
  }
  return differences;
}

std::vector<std::int64_t> differences_of(const NodeValues& values) {
  return values.kind == Physical::kCode ? differences_of(values.as<std::uint32_t>())
                                        : differences_of(values.as<std::int64_t>());
}

// Within the stretches of the sample only.
std::vector<std::int64_t> sampled_differences(const NodeProfile& profile) {
  std::vector<std::int64_t> differences = differences_of(profile.sample());
  if (profile.sample().rows != profile.rows()) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      if ((i + 1) % NodeProfile::kStretchRows != 0) {
        differences[kept++] = differences[i];
      }
    }
    differences.resize(kept);
  }
  return differences;
}

// Neighbours that lie as far apart as any two values are in no order.
bool are_in_some_order(const NodeProfile& profile, std::span<const std::int64_t> differences) {
  double distance = 0;
  for (const std::int64_t difference : differences) {
    distance += std::abs(static_cast<double>(difference));
  }
  return distance * 8 <
         static_cast<double>(profile.spread()) * static_cast<double>(differences.size());
}

// Sums modulo the width of T.
template <typename T>
void add_up(std::uint64_t first, std::span<const std::int64_t> differences, std::span<T> values) {
  std::uint64_t value = first;
  values[0] = static_cast<T>(value);
  for (std::size_t i = 0; i < differences.size(); ++i) {
    value += static_cast<std::uint64_t>(differences[i]);
    values[i + 1] = static_cast<T>(value);
  }
}

}  // namespace

std::optional<double> estimate_delta(const NodeProfile& profile) {
  if (profile.rows() < 8) {
    return std::nullopt;
  }
  const std::vector<std::int64_t> differences = sampled_differences(profile);
  if (!are_in_some_order(profile, differences)) {
    return std::nullopt;
  }
  return 10 + estimate_inner(std::span<const std::int64_t>(differences), profile.aim()) *
                  profile.rows() / static_cast<double>(differences.size());
}

void encode_delta(const NodeProfile& profile, NodeEncoder& encoder) {
  const NodeValues& values = profile.values();
  if (values.kind == Physical::kCode) {
    encoder.bytes().write_varint(values.as<std::uint32_t>()[0]);
  } else {
    encoder.bytes().write_signed_varint(values.as<std::int64_t>()[0]);
  }
  const std::vector<std::int64_t> differences = differences_of(values);
  if (!differences.empty()) {
    encoder.write_node(std::span<const std::int64_t>(differences));
  }
}

bool decode_delta(NodeDecoder& decoder, const NodeTarget& target) {
  const bool codes = target.kind == Physical::kCode;
  const std::uint64_t first = codes ? decoder.in().read_varint32()
                                    : static_cast<std::uint64_t>(decoder.in().read_signed_varint());
  if (!decoder.in().ok()) {
    return decoder.damaged("The first of delta values is cut short.");
  }
  const auto differences = decoder.arena().take<std::int64_t>(target.rows - 1);
  if (!differences.empty() && !decoder.read_node(differences)) {
    return false;
  }
  if (codes) {
    add_up(first, differences, target.as<std::uint32_t>());
  } else {
    add_up(first, differences, target.as<std::int64_t>());
  }
  return true;
}

}  // namespace stave
