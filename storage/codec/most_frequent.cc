// The value that most rows have, which rows have another, and which. The others are stored side by
// side, so that they may have any codec. Bytes: format-spec/codecs/most-frequent.md.
#include <algorithm>
#include <cmath>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/deal.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"
#include "storage/codec/range_kernels.h"
#include "storage/codec/same_value.h"
#include "storage/codec/selection.h"

namespace stave {
namespace {

// What each exception takes: as many bits as its place among the distinct, or its offset, needs.
double bytes_of_exceptions(const NodeProfile& profile, double exceptions) {
  const double distinct = std::max(1.0, profile.sample_shape().distinct - 1.0);
  switch (profile.values().kind) {
    case Physical::kCode:
    case Physical::kInt64:
      return exceptions * bit_width_of(profile.spread() / profile.divisor()) / 8;
    case Physical::kInt128:
      return exceptions * 16;
    case Physical::kFloat64:
      return exceptions * std::min(64.0, std::log2(distinct) + 64 * distinct / exceptions) / 8;
    case Physical::kString:
      break;
  }
  return exceptions + static_cast<double>(profile.text_bytes());
}

template <typename T>
T usual_value(const NodeProfile& profile) {
  if constexpr (kHasFrame<T>) {
    if (const auto& found = profile.finding(CodecId::kMostFrequent)) {
      return static_cast<T>(*found);
    }
  }
  const T usual = profile.sample().as<T>()[profile.sample_shape().most_frequent_at];
  if constexpr (kHasFrame<T>) {
    profile.find(CodecId::kMostFrequent, static_cast<std::int64_t>(usual));
  }
  return usual;
}

}  // namespace

std::optional<double> estimate_most_frequent(const NodeProfile& profile) {
  if (const auto& earlier = profile.earlier_finding()) {
    const std::size_t equal = visit(profile.values(), [&](auto span) -> std::size_t {
      using T = typename decltype(span)::value_type;
      if constexpr (kHasFrame<T>) {
        return count_equal(span, static_cast<T>(*earlier));
      }
      return 0;
    });
    if (equal * 2 > profile.rows()) {
      profile.find(CodecId::kMostFrequent, *earlier);
      return 0;
    }
  }
  const NodeProfile::SampleShape& shape = profile.sample_shape();
  const double others = profile.sample().rows - shape.most_frequent_count;
  if (others * 2 > profile.sample().rows) {
    return std::nullopt;
  }
  const double exceptions = std::max(1.0, others * profile.sample_weight());
  return 16 + estimate_positions(exceptions, profile.rows()) +
         bytes_of_exceptions(profile, exceptions);
}

void encode_most_frequent(const NodeProfile& profile, NodeEncoder& encoder) {
  visit(profile.values(), [&](auto span) {
    using T = typename decltype(span)::value_type;
    const T usual = usual_value<T>(profile);
    std::vector<std::uint32_t> positions;
    std::vector<T> exceptions;
    for (std::uint32_t i = 0; i < profile.rows(); ++i) {
      if (!same_value(span[i], usual)) {
        positions.push_back(i);
        exceptions.push_back(span[i]);
      }
    }
    if constexpr (std::is_same_v<T, std::string_view>) {
      encoder.bytes().write_text(usual);
    } else {
      encoder.bytes().write_fixed(usual);
    }
    write_positions(positions, profile.rows(), encoder);
    if (!exceptions.empty()) {
      encoder.write_node(std::span<const T>(exceptions));
    }
  });
}

namespace {

// Where rows with another value are many, as bits: what is written is every row, once.
template <typename T>
bool decode_spread(NodeDecoder& decoder, std::span<T> values) {
  const T usual = decoder.in().template read_fixed<T>();
  if (!decoder.in().ok()) {
    return decoder.damaged("A constant is cut short.");
  }
  const auto others = read_row_bits(static_cast<std::uint32_t>(values.size()), decoder);
  if (!others) {
    return false;
  }
  if (others->set == 0) {
    std::fill(values.begin(), values.end(), usual);
    return true;
  }
  const auto exceptions = take_dealt<T>(decoder.arena(), others->set);
  if (!decoder.read_node(exceptions)) {
    return false;
  }
  spread(others->words.data(), values.size(), usual, exceptions.data(), values.data());
  return true;
}

}  // namespace

bool decode_most_frequent(NodeDecoder& decoder, const NodeTarget& target) {
  if (target.kind == Physical::kCode) {
    return decode_spread(decoder, target.as<std::uint32_t>());
  }
  if (target.kind == Physical::kInt64) {
    return decode_spread(decoder, target.as<std::int64_t>());
  }
  if (!decode_constant(decoder, target)) {
    return false;
  }
  const auto positions = read_positions(target.rows, decoder);
  if (!positions) {
    return false;
  }
  return positions->empty() || visit(target, [&](auto span) {
           using T = typename decltype(span)::element_type;
           const auto exceptions = decoder.arena().template take<T>(positions->size());
           if (!decoder.read_node(exceptions)) {
             return false;
           }
           for (std::size_t i = 0; i < exceptions.size(); ++i) {
             span[(*positions)[i]] = exceptions[i];
           }
           return true;
         });
}

namespace {

template <typename T>
bool pick_spread(NodeDecoder& decoder, const WantedRows& wanted, std::span<T> values) {
  const T usual = decoder.in().template read_fixed<T>();
  if (!decoder.in().ok()) {
    return decoder.damaged("A constant is cut short.");
  }
  const auto others = read_row_bits(wanted.rows, decoder);
  if (!others) {
    return false;
  }
  std::fill(values.begin(), values.end(), usual);
  if (others->set == 0) {
    return true;
  }
  const DealtRows dealt = deal_rows(*others, wanted, decoder.arena());
  const auto exceptions = decoder.arena().template take<T>(dealt.ones.size());
  if (!decoder.pick_node({others->set, dealt.ones}, exceptions)) {
    return false;
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (others->holds(wanted.at[i])) values[i] = exceptions[next++];
  }
  return true;
}

}  // namespace

bool pick_most_frequent(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  if (target.kind == Physical::kCode) {
    return pick_spread(decoder, wanted, target.as<std::uint32_t>());
  }
  if (target.kind == Physical::kInt64) {
    return pick_spread(decoder, wanted, target.as<std::int64_t>());
  }
  return visit(target, [&](auto out) {
    using T = typename decltype(out)::element_type;
    const auto all = decoder.arena().template take<T>(wanted.rows);
    if (!decode_most_frequent(decoder, all)) return false;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = all[wanted.at[i]];
    return true;
  });
}

namespace {

template <typename T>
bool keep_spread(NodeDecoder& decoder, const KeptRows& kept, std::span<T> values) {
  const T usual = decoder.in().template read_fixed<T>();
  if (!decoder.in().ok()) {
    return decoder.damaged("A constant is cut short.");
  }
  const auto others = read_row_bits(kept.rows, decoder);
  if (!others) {
    return false;
  }
  if (others->set == 0) {
    std::fill(values.begin(), values.end(), usual);
    return true;
  }
  Arena& arena = decoder.arena();
  const KeptRows kept_others = kept_of(kept, others->words.data(), others->set, arena);
  const auto exceptions = take_dealt<T>(arena, kept_others.kept);
  if (!decoder.keep_node(kept_others, exceptions)) {
    return false;
  }
  const KeptRows are_others =
      kept_of({kept.rows, others->words.data(), others->set}, kept.bits, kept.kept, arena);
  spread(are_others.bits, values.size(), usual, exceptions.data(), values.data());
  return true;
}

}  // namespace

bool keep_most_frequent(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) {
  if (target.kind == Physical::kCode) {
    return keep_spread(decoder, kept, target.as<std::uint32_t>());
  }
  if (target.kind == Physical::kInt64) {
    return keep_spread(decoder, kept, target.as<std::int64_t>());
  }
  return visit(target, [&](auto out) {
    using T = typename decltype(out)::element_type;
    const auto all = decoder.arena().template take<T>(kept.rows);
    if (!decode_most_frequent(decoder, all)) return false;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < kept.rows; ++row) {
      if ((kept.bits[row / 64] >> row % 64 & 1) != 0) out[next++] = all[row];
    }
    return true;
  });
}

bool test_most_frequent(NodeDecoder& decoder, Physical kind, std::uint32_t rows,
                        const ValueTest& test, std::uint64_t* bits) {
  const std::int64_t usual = kind == Physical::kCode
                                 ? std::int64_t{decoder.in().read_fixed<std::uint32_t>()}
                                 : decoder.in().read_fixed<std::int64_t>();
  if (!decoder.in().ok()) {
    return decoder.damaged("A constant is cut short.");
  }
  const auto others = read_row_bits(rows, decoder);
  if (!others) {
    return false;
  }
  const bool usual_passes = holds_for(test, usual);
  if (others->set == 0) {
    fill_bits(bits, rows, usual_passes);
    return true;
  }
  std::uint64_t* const passed = take_bits(decoder.arena(), others->set);
  if (!decoder.test_node(kind, others->set, test, passed)) {
    return false;
  }
  // Where the usual passes, it is the others that fail that are taken out.
  if (usual_passes) invert_bits(passed, others->set);
  expand_bits(passed, others->words.data(), words_of(rows), bits);
  if (usual_passes) invert_bits(bits, rows);
  return true;
}

}  // namespace stave
