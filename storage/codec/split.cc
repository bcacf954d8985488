// Values dealt to two nodes by where they lie, a row set saying which rows have theirs in the
// second: for values most of which are small, as ranks and gaps are, or few of which lie apart.
// Either node may be split again, so that a value takes about as many bits as it needs.
// Bytes: format-spec/codecs/split.md.
#include <algorithm>
#include <array>
#include <vector>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/deal.h"
#include "storage/codec/part.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"
#include "storage/codec/range_kernels.h"
#include "storage/codec/selection.h"

namespace stave {
namespace {

// Fewer are not worth a try.
constexpr std::uint32_t kLeastRows = 16;
// A plan splits a node at most this many times over.
constexpr unsigned kLevels = 3;
// What a node's head takes.
constexpr double kNodeBits = 64;
// What decoding one more level is worth, for each of its values.
constexpr double kLevelBits = 0.5;
// At most this share of the values is taken for lying below the rest.
constexpr std::size_t kMostApart = 16;

double bits_of_sides(double one_side, double rows) {
  return std::min(rows, 8 * estimate_positions(std::min(one_side, rows - one_side), rows));
}

// The values from one upwards, counted by the bits that their steps from there need, and the
// cheapest way to split them at powers of two.
class Ladder {
 public:
  Ladder(const NodeProfile& profile, std::int64_t base) : profile_(profile), base_(base) {
    const std::uint64_t skipped =
        static_cast<std::uint64_t>(base_) - static_cast<std::uint64_t>(profile.min());
    spread_ = (profile.spread() - skipped) / profile.divisor();
    width_ = bit_width_of(spread_);
    count_widths();
    climb();
  }

  // Where to split first; as wide as all values where that is no use.
  unsigned first_width() const { return first_width_; }
  bool splits() const { return first_width_ < width_; }
  double bits() const { return bits_; }
  double values() const { return below_[width_]; }
  std::int64_t last_below(unsigned width) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(base_) + reach_of(width));
  }

 private:
  std::uint64_t reach_of(unsigned width) const {
    return ((std::uint64_t{1} << width) - 1) * profile_.divisor();
  }

  // All values and not a sample: a plan that is a little wrong costs more than the passes.
  void count_widths() {
    if (profile_.values().kind == Physical::kCode) {
      count_widths(profile_.values().as<std::uint32_t>());
    } else {
      count_widths(profile_.values().as<std::int64_t>());
    }
  }
  template <typename T>
  void count_widths(std::span<const T> values) {
    const std::size_t counted =
        base_ == profile_.min() ? values.size() : count_above(values, static_cast<T>(base_ - 1));
    for (unsigned width = 0; width < width_; ++width) {
      const std::size_t above = count_above(values, static_cast<T>(last_below(width)));
      below_[width] = static_cast<double>(counted - above);
    }
    below_[width_] = static_cast<double>(counted);
  }

  // `costs[from]` is the least for the values that `from` bits do not hold; from the top downwards,
  // one level more in each round.
  void climb() {
    std::array<double, 65> costs{};
    for (unsigned from = 0; from < width_; ++from) {
      costs[from] = packed_bits(from, width_);
    }
    for (unsigned level = 1; level < kLevels; ++level) {
      const std::array<double, 65> before = costs;
      for (unsigned from = 0; from + 1 < width_; ++from) {
        for (unsigned to = from + 1; to < width_; ++to) {
          const double values = below_[width_] - below_[from];
          const double bits = bits_of_sides(below_[to] - below_[from], values) +
                              packed_bits(from, to) + before[to] + values * kLevelBits;
          costs[from] = std::min(costs[from], bits);
        }
      }
    }
    bits_ = kNodeBits + below_[width_] * width_;
    first_width_ = width_;
    for (unsigned to = 0; to < width_; ++to) {
      const double small = below_[to];
      if (small == 0 || small == below_[width_]) {
        continue;
      }
      const double bits =
          kNodeBits + bits_of_sides(small, below_[width_]) + kNodeBits + small * to + costs[to];
      if (bits < bits_) {
        bits_ = bits;
        first_width_ = to;
      }
    }
  }

  // Of the values that `to` bits hold and `from` do not.
  double packed_bits(unsigned from, unsigned to) const {
    const std::uint64_t low = std::uint64_t{1} << from;
    const std::uint64_t high = to == width_ ? spread_ : (std::uint64_t{1} << to) - 1;
    return kNodeBits + (below_[to] - below_[from]) * bit_width_of(high - low);
  }

  const NodeProfile& profile_;
  std::int64_t base_;
  std::uint64_t spread_ = 0;  // in steps
  unsigned width_ = 0;
  std::array<double, 65> below_{};  // values that need at most so many bits
  unsigned first_width_ = 0;
  double bits_ = 0;
};

struct Plan {
  bool splits = false;
  std::int64_t last_low = 0;  // what is not above goes to one node, the rest to the other
  double bits = 0;
};

Plan best_plan(const NodeProfile& profile) {
  const Ladder all(profile, profile.min());
  Plan best{all.splits(), all.splits() ? all.last_below(all.first_width()) : 0, all.bits()};
  // Or a few that lie far below the rest, which may then be split in its turn.
  const std::vector<std::int64_t>& sorted = profile.sample_shape().sorted;
  for (std::size_t first = 1; first * kMostApart < sorted.size(); first += first / 2 + 1) {
    const auto hole =
        static_cast<std::uint64_t>(sorted[first]) - static_cast<std::uint64_t>(sorted[first - 1]);
    if (hole < profile.spread() / 4) {
      continue;
    }
    const Ladder rest(profile, sorted[first]);
    const double apart = profile.rows() - rest.values();
    const double bits = rest.bits() + bits_of_sides(apart, profile.rows()) + kNodeBits +
                        apart * bit_width_of(profile.spread() / profile.divisor()) +
                        (rest.splits() ? kLevelBits * profile.rows() : 0);
    if (bits < best.bits) {
      best = {true, sorted[first] - 1, bits};
    }
  }
  return best;
}

// The fewer go to the second node, so that the row set is short.
template <typename T>
void encode_split_at(std::int64_t last_low, std::span<const T> values, NodeEncoder& encoder) {
  Parts<T> parts = part(values, static_cast<T>(last_low));
  const bool high_second = parts.high().size() * 2 <= values.size();
  if (!high_second) {
    parts.invert_bits();
  }
  const std::span<const T> first = high_second ? parts.low() : parts.high();
  const std::span<const T> second = high_second ? parts.high() : parts.low();
  const RowBits rows{parts.bits(), static_cast<std::uint32_t>(second.size())};
  write_row_bits(rows, static_cast<std::uint32_t>(values.size()), encoder);
  encoder.write_node(first);
  encoder.write_node(second);
}

// Whether both sides of a split have values.
bool parts(const NodeProfile& profile, std::int64_t last_low) {
  const auto low = static_cast<std::uint64_t>(last_low) - static_cast<std::uint64_t>(profile.min());
  return last_low >= profile.min() && low < profile.spread();
}

}  // namespace

std::optional<double> estimate_split(const NodeProfile& profile) {
  if (profile.rows() < kLeastRows || profile.spread() < 2) {
    return std::nullopt;
  }
  if (profile.earlier_finding() && parts(profile, *profile.earlier_finding())) {
    profile.find(CodecId::kSplit, *profile.earlier_finding());
    return 0;
  }
  const Plan plan = best_plan(profile);
  profile.find(CodecId::kSplit, plan.last_low);
  return plan.splits ? std::optional(plan.bits / 8) : std::nullopt;
}

void encode_split(const NodeProfile& profile, NodeEncoder& encoder) {
  if (!profile.finding(CodecId::kSplit)) {
    profile.find(CodecId::kSplit, best_plan(profile).last_low);
  }
  const std::int64_t last_low = *profile.finding(CodecId::kSplit);
  if (profile.values().kind == Physical::kCode) {
    encode_split_at(last_low, profile.values().as<std::uint32_t>(), encoder);
  } else {
    encode_split_at(last_low, profile.values().as<std::int64_t>(), encoder);
  }
}

namespace {

std::optional<RowBits> read_split_bits(std::uint32_t rows, NodeDecoder& decoder) {
  const auto bits = read_row_bits(rows, decoder);
  if (bits && (bits->set == 0 || bits->set == rows)) {
    decoder.damaged("A split has values on one side only.");
    return std::nullopt;
  }
  return bits;
}

}  // namespace

bool decode_split(NodeDecoder& decoder, const NodeTarget& target) {
  const auto bits = read_split_bits(target.rows, decoder);
  if (!bits) {
    return false;
  }
  const std::size_t first_count = std::size_t{target.rows} - bits->set;
  const auto both = [&](auto span) {
    using T = typename decltype(span)::element_type;
    const auto first = take_dealt<T>(decoder.arena(), first_count);
    const auto second = take_dealt<T>(decoder.arena(), bits->set);
    if (!decoder.read_node(first) || !decoder.read_node(second)) {
      return false;
    }
    deal(bits->words.data(), span.size(), first.data(), second.data(), span.data());
    return true;
  };
  return target.kind == Physical::kCode ? both(target.as<std::uint32_t>())
                                        : both(target.as<std::int64_t>());
}

bool pick_split(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  const auto bits = read_split_bits(wanted.rows, decoder);
  if (!bits) {
    return false;
  }
  const DealtRows dealt = deal_rows(*bits, wanted, decoder.arena());
  const auto both = [&](auto span) {
    using T = typename decltype(span)::element_type;
    const auto first = decoder.arena().take<T>(dealt.zeros.size());
    const auto second = decoder.arena().take<T>(dealt.ones.size());
    if (!decoder.pick_node({wanted.rows - bits->set, dealt.zeros}, first) ||
        !decoder.pick_node({bits->set, dealt.ones}, second)) {
      return false;
    }
    const T* next_first = first.data();
    const T* next_second = second.data();
    for (std::size_t i = 0; i < span.size(); ++i) {
      span[i] = bits->holds(wanted.at[i]) ? *next_second++ : *next_first++;
    }
    return true;
  };
  return target.kind == Physical::kCode ? both(target.as<std::uint32_t>())
                                        : both(target.as<std::int64_t>());
}

bool keep_split(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) {
  const auto bits = read_split_bits(kept.rows, decoder);
  if (!bits) {
    return false;
  }
  Arena& arena = decoder.arena();
  const std::uint32_t first_rows = kept.rows - bits->set;
  std::uint64_t* const zeros = take_bits(arena, kept.rows);
  std::ranges::copy(bits->words, zeros);
  invert_bits(zeros, kept.rows);
  const KeptRows kept_first = kept_of(kept, zeros, first_rows, arena);
  const KeptRows kept_second = kept_of(kept, bits->words.data(), bits->set, arena);
  const KeptRows are_second =
      kept_of({kept.rows, bits->words.data(), bits->set}, kept.bits, kept.kept, arena);
  const auto both = [&](auto span) {
    using T = typename decltype(span)::element_type;
    const auto first = take_dealt<T>(arena, kept_first.kept);
    const auto second = take_dealt<T>(arena, kept_second.kept);
    if (!decoder.keep_node(kept_first, first) || !decoder.keep_node(kept_second, second)) {
      return false;
    }
    deal(are_second.bits, span.size(), first.data(), second.data(), span.data());
    return true;
  };
  return target.kind == Physical::kCode ? both(target.as<std::uint32_t>())
                                        : both(target.as<std::int64_t>());
}

bool test_split(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                std::uint64_t* bits) {
  const auto dealt = read_split_bits(rows, decoder);
  if (!dealt) {
    return false;
  }
  Arena& arena = decoder.arena();
  const std::uint32_t first_rows = rows - dealt->set;
  std::uint64_t* const first = take_bits(arena, first_rows);
  std::uint64_t* const second = take_bits(arena, dealt->set);
  if (!decoder.test_node(kind, first_rows, test, first) ||
      !decoder.test_node(kind, dealt->set, test, second)) {
    return false;
  }
  std::uint64_t* const mask = take_bits(arena, rows);
  std::ranges::copy(dealt->words, mask);
  expand_bits(second, mask, words_of(rows), bits);
  invert_bits(mask, rows);
  std::uint64_t* const zeros = take_bits(arena, rows);
  expand_bits(first, mask, words_of(rows), zeros);
  for (std::size_t word = 0; word < words_of(rows); ++word) bits[word] |= zeros[word];
  return true;
}

}  // namespace stave
