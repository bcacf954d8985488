// A code that a row shortly before has is told by how far back that row lies: for listeners who
// play one song after another. Bytes: format-spec/codecs/repeats.md.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/deal.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

// Fewer rows, or smaller codes, are not worth a try.
constexpr std::uint32_t kLeastRows = 16;
constexpr unsigned kLeastBits = 8;
// No row further back is looked at: telling how far would cost as much as the code.
constexpr unsigned kWidestReach = 10;
// Estimates look at this many stretches of so many rows, and count the later half of each.
constexpr std::uint32_t kStretches = 4;
constexpr std::uint32_t kStretch = 512;
// Of the sample's values so many must be distinct for a look not to be worth it.
constexpr double kMostDistinct = 0.97;

constexpr std::uint32_t kNoRow = ~std::uint32_t{0};

// Where each code of a block was seen last. Open addressing in a table that is at least half empty.
class LastRows {
 public:
  explicit LastRows(std::size_t codes)
      : bits_(static_cast<int>(std::bit_width(2 * codes))), slots_(std::size_t{1} << bits_) {}

  // The row where it was, kNoRow where it was not yet seen; it is now at `row`.
  std::uint32_t exchange(std::uint32_t code, std::uint32_t row) {
    std::size_t at = code * 0x9E3779B97F4A7C15 >> (64 - bits_);
    while (slots_[at].row_after != 0 && slots_[at].code != code) {
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at].code = code;
    return std::exchange(slots_[at].row_after, row + 1) - 1;
  }

 private:
  struct Slot {
    std::uint32_t code = 0;
    std::uint32_t row_after = 0;  // 0: empty
  };
  int bits_;
  std::vector<Slot> slots_;
};

// How many rows lie between each row and the last one before it of the same code.
std::vector<std::uint32_t> gaps_of(std::span<const std::uint32_t> codes) {
  LastRows last(codes.size());
  std::vector<std::uint32_t> gaps(codes.size());
  for (std::uint32_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t before = last.exchange(codes[i], i);
    gaps[i] = before == kNoRow ? kNoRow : i - before - 1;
  }
  return gaps;
}

// Gaps by the bits that they need.
using GapWidths = std::array<double, kWidestReach + 1>;
void count_widths(std::span<const std::uint32_t> gaps, GapWidths& counts) {
  for (const std::uint32_t gap : gaps) {
    if (const unsigned width = bit_width_of(gap); width <= kWidestReach) {
      ++counts[width];
    }
  }
}

struct Reach {
  unsigned width = 0;  // of the widest gap that is written
  double bits_of_row = 0;
};

Reach best_reach(const GapWidths& counts, double rows, unsigned code_bits) {
  Reach best{0, code_bits + 2.0};
  double repeats = 0;
  for (unsigned width = 0; width <= kWidestReach; ++width) {
    repeats += counts[width];
    const double bits = 1 + (repeats * width + (rows - repeats) * code_bits) / rows;
    if (bits < best.bits_of_row) {
      best = {width, bits};
    }
  }
  return best;
}

Reach sampled_reach(std::span<const std::uint32_t> codes, unsigned code_bits) {
  GapWidths counts{};
  double rows = 0;
  const std::size_t length = std::min<std::size_t>(kStretch, codes.size());
  const std::size_t step = (codes.size() - length) / (kStretches - 1);
  for (std::uint32_t i = 0; i < (step == 0 ? 1 : kStretches); ++i) {
    const std::vector<std::uint32_t> gaps = gaps_of(codes.subspan(i * step, length));
    const auto counted = std::span(gaps).subspan(length / 2);
    count_widths(counted, counts);
    rows += static_cast<double>(counted.size());
  }
  return best_reach(counts, rows, code_bits);
}

// False where a gap leads to before the first row.
bool follow_back(std::span<const std::uint64_t> words, const std::uint32_t* gaps,
                 std::span<std::uint32_t> codes) {
  for (std::size_t begin = 0; begin < codes.size(); begin += 64) {
    for (std::uint64_t word = words[begin / 64]; word != 0; word &= word - 1) {
      const std::size_t row = begin + static_cast<std::size_t>(std::countr_zero(word));
      const std::size_t gap = *gaps++;
      if (gap >= row) {
        return false;
      }
      codes[row] = codes[row - 1 - gap];
    }
  }
  return true;
}

}  // namespace

std::optional<double> estimate_repeats(const NodeProfile& profile) {
  const double sampled = profile.sample().rows;
  const unsigned code_bits = bit_width_of(profile.spread());
  if (profile.rows() < kLeastRows || code_bits < kLeastBits ||
      profile.sample_shape().distinct > sampled * kMostDistinct) {
    return std::nullopt;
  }
  const Reach reach = sampled_reach(profile.values().as<std::uint32_t>(), code_bits);
  return 16 + reach.bits_of_row * profile.rows() / 8;
}

void encode_repeats(const NodeProfile& profile, NodeEncoder& encoder) {
  const auto codes = profile.values().as<std::uint32_t>();
  const std::vector<std::uint32_t> gaps = gaps_of(codes);
  GapWidths counts{};
  count_widths(gaps, counts);
  const unsigned widest = best_reach(counts, profile.rows(), bit_width_of(profile.spread())).width;
  std::vector<std::uint32_t> repeated;
  std::vector<std::uint32_t> written;
  std::vector<std::uint32_t> news;
  for (std::uint32_t i = 0; i < codes.size(); ++i) {
    if (bit_width_of(gaps[i]) <= widest) {
      repeated.push_back(i);
      written.push_back(gaps[i]);
    } else {
      news.push_back(codes[i]);
    }
  }
  write_positions(repeated, profile.rows(), encoder);
  encoder.write_node(std::span<const std::uint32_t>(news));
  if (!written.empty()) {
    encoder.write_node(std::span<const std::uint32_t>(written));
  }
}

bool decode_repeats(NodeDecoder& decoder, const NodeTarget& target) {
  const auto repeated = read_row_bits(target.rows, decoder);
  if (!repeated) {
    return false;
  }
  if (repeated->set == target.rows) {
    return decoder.damaged("Every row repeats another.");
  }
  const std::size_t new_count = std::size_t{target.rows} - repeated->set;
  const auto news = take_dealt<std::uint32_t>(decoder.arena(), new_count);
  const auto gaps = take_dealt<std::uint32_t>(decoder.arena(), repeated->set);
  if (!decoder.read_node(news) || (!gaps.empty() && !decoder.read_node(gaps))) {
    return false;
  }
  const auto codes = target.as<std::uint32_t>();
  deal(repeated->words.data(), codes.size(), news.data(), gaps.data(), codes.data());
  return follow_back(repeated->words, gaps.data(), codes) ||
         decoder.damaged("A row repeats one before the first.");
}

}  // namespace stave
