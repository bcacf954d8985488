// Packed values of a width that most have room in; the rest are exceptions, stored apart.
// Bytes: format-spec/codecs/patched.md.
#include <algorithm>
#include <limits>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/deal.h"
#include "storage/codec/frame.h"
#include "storage/codec/positions.h"
#include "storage/codec/selection.h"

namespace stave {
namespace {

// Where exceptions are many they are dealt to their rows, as those of a split are, and cost as
// much.
constexpr double kDealCost = 0.4;  // bits a value, beyond what the registry says
constexpr double kFewTimes = 16;   // up to one value in so many are few

struct Window {
  std::uint64_t reference = 0;
  unsigned width = 0;
  double bytes = std::numeric_limits<double>::infinity();
};

// The window of 2^width steps that holds the most of the sorted sample. Values far below the rest
// are few or none, so a window is tried at the first few places only.
Window best_of_width(const std::vector<std::int64_t>& sorted, unsigned width,
                     const NodeProfile& profile) {
  const std::uint64_t reach = ((std::uint64_t{1} << width) - 1) * profile.divisor();
  std::size_t most = 0;
  Window window{0, width};
  for (std::size_t begin = 0; begin + most < sorted.size(); begin += begin / 2 + 1) {
    const auto low = static_cast<std::uint64_t>(sorted[begin]);
    const auto end = std::partition_point(
        sorted.begin() + static_cast<std::ptrdiff_t>(begin), sorted.end(),
        [&](std::int64_t value) { return static_cast<std::uint64_t>(value) - low <= reach; });
    const auto inside = static_cast<std::size_t>(end - sorted.begin()) - begin;
    if (inside > most) {
      most = inside;
      window.reference = low;
    }
  }
  const double exceptions = static_cast<double>(sorted.size() - most) * profile.sample_weight();
  const unsigned full_width = bit_width_of(profile.spread() / profile.divisor());
  window.bytes = 8.0 + static_cast<double>(packed_bytes(profile.rows(), width)) +
                 estimate_positions(exceptions, profile.rows()) + exceptions * full_width / 8;
  if (exceptions * kFewTimes > profile.rows()) window.bytes += kDealCost * profile.rows() / 8;
  return window;
}

Window best_window(const NodeProfile& profile) {
  const unsigned full_width = bit_width_of(profile.spread() / profile.divisor());
  const std::vector<std::int64_t>& sorted = profile.sample_shape().sorted;
  Window best;
  for (unsigned width = 0; width < full_width; ++width) {
    const Window window = best_of_width(sorted, width, profile);
    if (window.bytes < best.bytes) {
      best = window;
    }
  }
  // The sample may have missed the smallest value; a window that reaches it takes it in.
  const std::uint64_t reach = ((std::uint64_t{1} << best.width) - 1) * profile.divisor();
  const auto min = static_cast<std::uint64_t>(profile.min());
  if (static_cast<std::uint64_t>(sorted.back()) - min <= reach) {
    best.reference = min;
  }
  return best;
}

template <typename T>
void encode_with_window(std::span<const T> values, const Window& window, const NodeProfile& profile,
                        NodeEncoder& encoder) {
  const ReferenceFrame frame{window.reference, profile.divisor()};
  std::vector<std::uint64_t> low = quotients_in(frame, profile.values());
  std::vector<std::uint32_t> positions;
  std::vector<T> exceptions;
  const std::uint64_t limit = std::uint64_t{1} << window.width;
  for (std::uint32_t i = 0; i < profile.rows(); ++i) {
    const bool below =
        static_cast<std::int64_t>(values[i]) < static_cast<std::int64_t>(window.reference);
    if (below || low[i] >= limit) {
      positions.push_back(i);
      exceptions.push_back(values[i]);
      low[i] = 0;
    }
  }
  write_frame(frame, profile.values().kind, encoder);
  encoder.bytes().write_u8(static_cast<std::uint8_t>(window.width));
  const std::size_t before = encoder.out().size();
  encoder.out().resize(before + packed_bytes(profile.rows(), window.width));
  pack_bits(low.data(), profile.rows(), window.width, std::uint64_t{0},
            reinterpret_cast<std::byte*>(encoder.out().data()) + before);
  write_positions(positions, profile.rows(), encoder);
  if (!exceptions.empty()) {
    encoder.write_node(std::span<const T>(exceptions));
  }
}

// Most windows begin with the smallest value: then the width is all that was found.
std::optional<Window> earlier_window(const NodeProfile& profile) {
  const std::optional<std::int64_t>& width = profile.earlier_finding();
  const unsigned full_width = bit_width_of(profile.spread() / profile.divisor());
  if (!width || static_cast<std::uint64_t>(*width) >= full_width) {
    return std::nullopt;
  }
  return Window{static_cast<std::uint64_t>(profile.min()), static_cast<unsigned>(*width), 0};
}

}  // namespace

std::optional<double> estimate_patched(const NodeProfile& profile) {
  if (profile.spread() < 2) {
    return std::nullopt;
  }
  return earlier_window(profile) ? 0 : best_window(profile).bytes;
}

void encode_patched(const NodeProfile& profile, NodeEncoder& encoder) {
  const std::optional<Window> earlier = earlier_window(profile);
  const Window window = earlier ? *earlier : best_window(profile);
  if (window.reference == static_cast<std::uint64_t>(profile.min())) {
    profile.find(CodecId::kPatched, window.width);
  }
  if (profile.values().kind == Physical::kCode) {
    encode_with_window(profile.values().as<std::uint32_t>(), window, profile, encoder);
  } else {
    encode_with_window(profile.values().as<std::int64_t>(), window, profile, encoder);
  }
}

namespace {

// Exceptions go to the rows whose bits are set, over what the packed part says of these.
template <typename T>
bool read_exceptions(NodeDecoder& decoder, const RowBits& places, std::span<T> values) {
  const auto exceptions = take_dealt<T>(decoder.arena(), places.set);
  if (!decoder.read_node(exceptions)) {
    return false;
  }
  patch(places.words.data(), values.size(), exceptions.data(), values.data());
  return true;
}

template <typename T>
bool keep_exceptions(NodeDecoder& decoder, const KeptRows& kept, const RowBits& places,
                     std::span<T> values) {
  Arena& arena = decoder.arena();
  const std::uint64_t* const words = places.words.data();
  const KeptRows kept_exceptions = kept_of(kept, words, places.set, arena);
  const KeptRows are_exceptions =
      kept_of({kept.rows, words, places.set}, kept.bits, kept.kept, arena);
  const auto exceptions = take_dealt<T>(arena, kept_exceptions.kept);
  if (!decoder.keep_node(kept_exceptions, exceptions)) {
    return false;
  }
  patch(are_exceptions.bits, values.size(), exceptions.data(), values.data());
  return true;
}

}  // namespace

bool decode_patched(NodeDecoder& decoder, const NodeTarget& target) {
  if (!decode_packed(decoder, target)) {
    return false;
  }
  const auto places = read_row_bits(target.rows, decoder);
  if (!places || places->set == 0) {
    return places.has_value();
  }
  return target.kind == Physical::kCode
             ? read_exceptions(decoder, *places, target.as<std::uint32_t>())
             : read_exceptions(decoder, *places, target.as<std::int64_t>());
}

bool pick_patched(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  if (!pick_packed(decoder, wanted, target)) {
    return false;
  }
  const auto positions = read_positions(wanted.rows, decoder);
  if (!positions) {
    return false;
  }
  return positions->empty() || visit(target, [&](auto span) {
           using T = typename decltype(span)::element_type;
           const auto exceptions = decoder.arena().take<T>(positions->size());
           if (!decoder.read_node(exceptions)) {
             return false;
           }
           for (std::size_t i = 0; i < span.size(); ++i) {
             const auto found = std::ranges::lower_bound(*positions, wanted.at[i]);
             if (found != positions->end() && *found == wanted.at[i]) {
               span[i] = exceptions[static_cast<std::size_t>(found - positions->begin())];
             }
           }
           return true;
         });
}

bool keep_patched(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) {
  if (!keep_packed_node(decoder, kept, target)) {
    return false;
  }
  const auto places = read_row_bits(kept.rows, decoder);
  if (!places || places->set == 0) {
    return places.has_value();
  }
  return target.kind == Physical::kCode
             ? keep_exceptions(decoder, kept, *places, target.as<std::uint32_t>())
             : keep_exceptions(decoder, kept, *places, target.as<std::int64_t>());
}

bool test_patched(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                  std::uint64_t* bits) {
  if (!test_packed(decoder, kind, rows, test, bits)) {
    return false;
  }
  const auto places = read_row_bits(rows, decoder);
  if (!places || places->set == 0) {
    return places.has_value();
  }
  std::uint64_t* const passed = take_bits(decoder.arena(), places->set);
  if (!decoder.test_node(kind, places->set, test, passed)) {
    return false;
  }
  std::uint64_t* const patches = take_bits(decoder.arena(), rows);
  expand_bits(passed, places->words.data(), words_of(rows), patches);
  for (std::size_t word = 0; word < words_of(rows); ++word) {
    bits[word] = (bits[word] & ~places->words[word]) | patches[word];
  }
  return true;
}

}  // namespace stave
