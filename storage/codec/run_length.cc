// Each run of equal values once, and how long it is. Bytes: format-spec/codecs/run-length.md.
#include <algorithm>
#include <cmath>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"
#include "storage/codec/same_value.h"

namespace stave {
namespace {

// A guess at what one value takes, wherever it stands.
double bytes_of_value(const NodeProfile& profile) {
  switch (profile.values().kind) {
    case Physical::kCode:
    case Physical::kInt64:
      return bit_width_of(profile.spread() / profile.divisor()) / 8.0;
    case Physical::kInt128:
      return 16;
    case Physical::kFloat64:
      return 8;
    case Physical::kString:
      break;
  }
  return 1 + static_cast<double>(profile.text_bytes()) / profile.rows();
}

}  // namespace

std::optional<double> estimate_run_length(const NodeProfile& profile) {
  const double runs = profile.runs();
  if (runs * 2 > profile.rows()) {
    return std::nullopt;
  }
  const double length_bits = std::log2(profile.rows() / runs) + 2;
  return 16 + runs * (bytes_of_value(profile) + length_bits / 8);
}

void encode_run_length(const NodeProfile& profile, NodeEncoder& encoder) {
  visit(profile.values(), [&](auto span) {
    using T = typename decltype(span)::value_type;
    std::vector<T> values;
    std::vector<std::uint32_t> lengths;
    for (const T& value : span) {
      if (values.empty() || !same_value(values.back(), value)) {
        values.push_back(value);
        lengths.push_back(0);
      }
      ++lengths.back();
    }
    encoder.bytes().write_varint(values.size());
    encoder.write_node(std::span<const T>(values));
    encoder.write_node(std::span<const std::uint32_t>(lengths));
  });
}

bool decode_run_length(NodeDecoder& decoder, const NodeTarget& target) {
  const std::uint64_t runs = decoder.in().read_varint();
  if (!decoder.in().ok() || runs == 0 || runs > target.rows) {
    return decoder.damaged("The number of runs is not possible.");
  }
  return visit(target, [&](auto span) {
    using T = typename decltype(span)::element_type;
    const auto values = decoder.arena().template take<T>(runs);
    const auto lengths = decoder.arena().template take<std::uint32_t>(runs);
    if (!decoder.read_node(values) || !decoder.read_node(lengths)) {
      return false;
    }
    std::uint64_t total = 0;
    for (const std::uint32_t length : lengths) {
      total += length;
    }
    if (total != target.rows) {
      return decoder.damaged("Runs are not as long as the block.");
    }
    T* to = span.data();
    for (std::size_t i = 0; i < runs; ++i) {
      to = std::fill_n(to, lengths[i], values[i]);
    }
    return true;
  });
}

}  // namespace stave
