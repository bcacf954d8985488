// The distinct values in order of first arrival, and for each row which of them it has.
// Bytes: format-spec/codecs/dictionary.md.
#include <boost/unordered/unordered_flat_map.hpp>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"
#include "storage/codec/same_value.h"

namespace stave {
namespace {

// Where there are so many times more distinct values than in the sample, no pass goes on.
constexpr std::size_t kMoreThanSampled = 8;

template <typename T>
struct Distinct {
  std::vector<T> entries;
  std::vector<std::uint32_t> indexes;  // one for each row; cut short where there are too many
};

// Stops once there are more than `limit` entries.
template <typename T>
Distinct<T> distinct_of(std::span<const T> values, std::size_t limit) {
  using Key = decltype(identity_of(values[0]));
  boost::unordered_flat_map<Key, std::uint32_t> places;
  Distinct<T> distinct;
  distinct.indexes.reserve(values.size());
  for (const T& value : values) {
    const auto [place, is_new] =
        places.try_emplace(identity_of(value), static_cast<std::uint32_t>(distinct.entries.size()));
    if (is_new) {
      if (distinct.entries.size() == limit) {
        break;
      }
      distinct.entries.push_back(value);
    }
    distinct.indexes.push_back(place->second);
  }
  return distinct;
}

double bytes_of_entries(std::span<const std::string_view> entries) {
  double bytes = 0;
  for (const std::string_view entry : entries) {
    bytes += 1 + static_cast<double>(entry.size());
  }
  return bytes;
}
double bytes_of_entries(std::span<const double> entries) {
  return static_cast<double>(entries.size_bytes());
}

}  // namespace

std::optional<double> estimate_dictionary(const NodeProfile& profile) {
  const std::size_t sampled = profile.sample_shape().distinct;
  return visit(profile.values(), [&](auto span) -> std::optional<double> {
    using T = typename decltype(span)::value_type;
    if constexpr (std::is_same_v<T, Int128>) {
      return std::nullopt;
    } else {
      // Worth a pass only where the sample repeats itself and indexes are much smaller than values.
      const unsigned value_bits =
          kHasFrame<T> ? bit_width_of(profile.spread() / profile.divisor()) : 64;
      if (sampled * 2 > profile.sample().rows || bit_width_of(sampled - 1) * 5 > value_bits * 3) {
        return std::nullopt;
      }
      const Distinct<T> distinct = distinct_of<T>(span, sampled * kMoreThanSampled);
      if (distinct.indexes.size() < span.size()) {
        return std::nullopt;
      }
      const std::size_t count = distinct.entries.size();
      const double indexes =
          static_cast<double>(packed_bytes(profile.rows(), bit_width_of(count - 1)));
      if constexpr (kHasFrame<T>) {
        return 16 + indexes + static_cast<double>(count) * value_bits / 8;
      } else {
        return 16 + indexes + bytes_of_entries(distinct.entries);
      }
    }
  });
}

void encode_dictionary(const NodeProfile& profile, NodeEncoder& encoder) {
  visit(profile.values(), [&](auto span) {
    using T = typename decltype(span)::value_type;
    if constexpr (!std::is_same_v<T, Int128>) {
      const Distinct<T> distinct = distinct_of<T>(span, span.size());
      encoder.bytes().write_varint(distinct.entries.size());
      encoder.write_node(std::span<const T>(distinct.entries));
      encoder.write_node(std::span<const std::uint32_t>(distinct.indexes));
    }
  });
}

bool decode_dictionary(NodeDecoder& decoder, const NodeTarget& target) {
  const std::uint64_t count = decoder.in().read_varint();
  if (!decoder.in().ok() || count == 0 || count > target.rows) {
    return decoder.damaged("The number of dictionary entries is not possible.");
  }
  return visit(target, [&](auto span) {
    using T = typename decltype(span)::element_type;
    const auto entries = decoder.arena().template take<T>(count);
    const auto indexes = decoder.arena().template take<std::uint32_t>(target.rows);
    if (!decoder.read_node(entries) || !decoder.read_node(indexes)) {
      return false;
    }
    std::uint32_t largest = 0;
    for (const std::uint32_t index : indexes) {
      largest = std::max(largest, index);
    }
    if (largest >= count) {
      return decoder.damaged("A dictionary has no such entry.");
    }
    for (std::uint32_t i = 0; i < target.rows; ++i) {
      span[i] = entries[indexes[i]];
    }
    return true;
  });
}

}  // namespace stave
