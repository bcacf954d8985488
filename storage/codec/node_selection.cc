// Nodes asked for less than all of their values: those that pass a test, as bits, and those that
// are kept. Codecs that cannot tell more cheaply decode them all.
#include <bit>
#include <limits>

#include "storage/codec/keep_kernels.h"
#include "storage/codec/selection.h"

namespace stave {
namespace {

// Up to one row in so many is looked up by its place.
constexpr std::uint32_t kFewTimes = 64;

template <typename T>
bool test_decoded(NodeDecoder& decoder, const Codec& codec, std::uint32_t rows,
                  const ValueTest& test, std::uint64_t* bits) {
  const std::span<T> values = decoder.arena().take<T>(rows);
  if (!codec.decode(decoder, values)) return false;
  test_values(std::span<const T>(values), test, bits);
  return true;
}

template <typename T>
void keep_decoded(std::span<const T> values, const std::uint64_t* bits, Arena& arena,
                  std::span<T> out) {
  if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t>) {
    const std::span<T> kept = arena.take<T>(out.size() + kKeepRoom);
    keep_values(values.data(), bits, values.size(), kept.data());
    std::copy_n(kept.begin(), out.size(), out.begin());
  } else {
    std::size_t next = 0;
    for (std::size_t word = 0; word < words_of(values.size()); ++word) {
      for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
        out[next++] = values[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))];
      }
    }
  }
}

WantedRows places_of(const KeptRows& kept, Arena& arena) {
  const std::span<std::uint32_t> places = arena.take<std::uint32_t>(kept.kept);
  std::size_t next = 0;
  for (std::size_t word = 0; word < words_of(kept.rows); ++word) {
    for (std::uint64_t rest = kept.bits[word]; rest != 0; rest &= rest - 1) {
      places[next++] =
          static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
  return {kept.rows, places};
}

}  // namespace

void test_values(std::span<const std::uint32_t> values, const ValueTest& test,
                 std::uint64_t* bits) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t low = std::max<std::int64_t>(test.low, 0);
  const std::int64_t high = std::min(test.high, kMost);
  if (low > high) return fill_bits(bits, values.size(), false);
  if (test.values.empty()) {
    return test_within(values.data(), values.size(), static_cast<std::uint32_t>(low),
                       static_cast<std::uint32_t>(high - low), bits);
  }
  std::uint32_t list[ValueTest::kMostValues];
  std::size_t count = 0;
  for (const std::int64_t value : test.values) {
    if (value >= low && value <= high) list[count++] = static_cast<std::uint32_t>(value);
  }
  if (count == 0) return fill_bits(bits, values.size(), false);
  test_listed(values.data(), values.size(), std::span(list, count), bits);
}

void test_values(std::span<const std::int64_t> values, const ValueTest& test, std::uint64_t* bits) {
  if (test.values.empty()) {
    test_within(values.data(), values.size(), test.low, test.high, bits);
  } else {
    test_listed(values.data(), values.size(), test.values, bits);
  }
}

bool NodeDecoder::test_node(Physical kind, std::uint32_t rows, const ValueTest& test,
                            std::uint64_t* bits) {
  const Codec* const codec = next_codec(kind);
  if (codec == nullptr) {
    return false;
  }
  ++depth_;
  const bool sound = codec->test != nullptr ? codec->test(*this, kind, rows, test, bits)
                     : kind == Physical::kCode
                         ? test_decoded<std::uint32_t>(*this, *codec, rows, test, bits)
                         : test_decoded<std::int64_t>(*this, *codec, rows, test, bits);
  --depth_;
  return sound;
}

bool NodeDecoder::keep_node(const KeptRows& kept, const NodeTarget& target) {
  const Codec* const codec = next_codec(target.kind);
  if (codec == nullptr) {
    return false;
  }
  ++depth_;
  bool sound = false;
  if (codec->pick != nullptr && kept.kept < kept.rows / kFewTimes) {
    sound = codec->pick(*this, places_of(kept, arena_), target);
  } else if (codec->keep != nullptr) {
    sound = codec->keep(*this, kept, target);
  } else {
    sound = visit(target, [&](auto out) {
      using T = typename decltype(out)::element_type;
      const std::span<T> all = arena_.take<T>(kept.rows);
      if (!codec->decode(*this, all)) return false;
      keep_decoded(std::span<const T>(all), kept.bits, arena_, out);
      return true;
    });
  }
  --depth_;
  return sound;
}

}  // namespace stave
