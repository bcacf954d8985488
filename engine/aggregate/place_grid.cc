// Places of keys, and the walk over them by rank; see the header.
#include "engine/aggregate/place_grid.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "storage/int128.h"

namespace stave {
namespace {

constexpr std::uint32_t kNoCode = ~std::uint32_t{0};
// The walk is cut into items of about so many places.
constexpr std::uint64_t kPlacesAtOnce = std::uint64_t{1} << 16;

// Which places were met, and how many before each stretch of 64.
class MetPlaces {
 public:
  MetPlaces(std::span<const std::uint32_t> met, std::uint32_t places)
      : words_(places / 64 + 2, 0), before_(words_.size(), 0) {
    for (const std::uint32_t place : met) words_[place / 64] |= std::uint64_t{1} << place % 64;
    std::uint32_t total = 0;
    for (std::size_t word = 0; word < words_.size(); ++word) {
      before_[word] = total;
      total += static_cast<std::uint32_t>(std::popcount(words_[word]));
    }
  }

  // The position of the first met place from this one on.
  std::uint32_t position(std::uint32_t place) const {
    const std::uint64_t below = (std::uint64_t{1} << place % 64) - 1;
    return before_[place / 64] +
           static_cast<std::uint32_t>(std::popcount(words_[place / 64] & below));
  }
  // A bit for each of the 64 places from this one on.
  std::uint64_t from(std::uint32_t place) const {
    const std::uint32_t shift = place % 64;
    const std::uint64_t low = words_[place / 64] >> shift;
    return shift == 0 ? low : low | words_[place / 64 + 1] << (64 - shift);
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> before_;
};

// One column of the walk: how far behind the first code each rank lies, in places. Ranks without a
// code in the grid are left out.
struct RankedOffsets {
  std::vector<std::uint32_t> offsets;
  std::uint32_t stride = 1;
};

// Divides by multiplying: exact for 32 bits, since the reciprocal has 64.
class Divisor {
 public:
  explicit Divisor(std::uint32_t divisor)
      : reciprocal_(~std::uint64_t{0} / divisor + 1) {}  // 0 for 1
  std::uint32_t quotient(std::uint32_t value) const {
    if (reciprocal_ == 0) return value;
    return static_cast<std::uint32_t>(static_cast<UInt128>(reciprocal_) * value >> 64);
  }

 private:
  std::uint64_t reciprocal_;
};

RankedOffsets offsets_by_rank(const RankedKey& key, CodeRange codes, std::uint32_t stride) {
  std::vector<std::uint32_t> code_of_rank(key.ranks_used, kNoCode);
  if (key.rank_of_code.empty()) {
    for (std::uint32_t code = codes.first; code < codes.end; ++code) {
      code_of_rank[std::min(code - 1, key.ranks_used - 1)] = code;
    }
  } else {
    // Codes that are not present have rank 0 too: the one that has it is told by a group.
    for (std::uint32_t code = codes.first; code < codes.end; ++code) {
      code_of_rank[key.rank_of_code[code]] = code;
    }
    const auto least = std::find_if(key.codes.begin(), key.codes.end(), [&](std::uint32_t code) {
      return key.rank_of_code[code] == 0;
    });
    if (least != key.codes.end()) code_of_rank[0] = *least;
  }
  RankedOffsets ranked;
  ranked.stride = stride;
  for (const std::uint32_t code : code_of_rank) {
    if (code != kNoCode) ranked.offsets.push_back((code - codes.first) * stride);
  }
  return ranked;
}

// The rows of the last column, whose places differ in nothing else, one after another by rank.
class LastColumn {
 public:
  LastColumn(const RankedOffsets& ranked, const MetPlaces& met) : ranked_(ranked), met_(met) {
    is_word_ = ranked.stride == 1 && ranked.offsets.size() <= 64 &&
               std::all_of(ranked.offsets.begin(), ranked.offsets.end(),
                           [](std::uint32_t offset) { return offset < 64; });
    if (!is_word_) return;
    for (std::uint32_t rank = 0; rank < ranked.offsets.size(); ++rank) {
      mask_ |= std::uint64_t{1} << ranked.offsets[rank];
      rank_of_offset_[ranked.offsets[rank]] = static_cast<std::uint8_t>(rank);
    }
  }

  std::uint32_t count(std::uint32_t base) const {
    if (is_word_) return static_cast<std::uint32_t>(std::popcount(met_.from(base) & mask_));
    std::uint32_t count = 0;
    for (const std::uint32_t offset : ranked_.offsets)
      count += static_cast<std::uint32_t>(met_.from(base + offset) & 1);
    return count;
  }

  std::uint32_t* write(std::uint32_t base, std::uint32_t* to) const {
    if (!is_word_) {
      for (const std::uint32_t offset : ranked_.offsets) {
        if ((met_.from(base + offset) & 1) != 0) *to++ = met_.position(base + offset);
      }
      return to;
    }
    const std::uint64_t bits = met_.from(base) & mask_;
    if (bits == 0) return to;
    std::array<std::uint32_t, 64> position_of_rank;
    std::uint32_t position = met_.position(base);
    std::uint64_t ranks = 0;
    for (std::uint64_t rest = bits; rest != 0; rest &= rest - 1) {
      const std::uint8_t rank = rank_of_offset_[static_cast<std::size_t>(std::countr_zero(rest))];
      ranks |= std::uint64_t{1} << rank;
      position_of_rank[rank] = position++;
    }
    for (; ranks != 0; ranks &= ranks - 1) {
      *to++ = position_of_rank[static_cast<std::size_t>(std::countr_zero(ranks))];
    }
    return to;
  }

 private:
  const RankedOffsets& ranked_;
  const MetPlaces& met_;
  bool is_word_ = false;
  std::uint64_t mask_ = 0;
  std::array<std::uint8_t, 64> rank_of_offset_{};
};

}  // namespace

std::optional<PlaceGrid> PlaceGrid::make(std::vector<CodeRange> columns,
                                         std::span<const std::size_t> fastest_first,
                                         std::uint64_t most) {
  PlaceGrid grid;
  std::uint64_t product = 1;
  grid.strides_.resize(columns.size());
  for (const std::size_t column : fastest_first) {
    if (columns[column].end <= columns[column].first) return std::nullopt;
    const std::uint64_t size = columns[column].end - columns[column].first;
    grid.strides_[column] = static_cast<std::uint32_t>(product);
    if (product > most / size) return std::nullopt;
    product *= size;
  }
  grid.columns_ = std::move(columns);
  grid.places_ = static_cast<std::uint32_t>(product);
  return grid;
}

void PlaceGrid::find(std::span<const std::uint32_t* const> codes, std::uint32_t rows,
                     std::uint32_t* places) const {
  std::uint32_t base = 0;
  for (std::size_t column = 0; column < columns(); ++column) {
    base -= columns_[column].first * strides_[column];
  }
  const std::uint32_t* first = codes[0];
  const std::uint32_t first_stride = strides_[0];
  if (columns() == 1) {
    for (std::uint32_t row = 0; row < rows; ++row) places[row] = base + first[row];
    return;
  }
  const std::uint32_t* second = codes[1];
  const std::uint32_t second_stride = strides_[1];
  for (std::uint32_t row = 0; row < rows; ++row) {
    places[row] = base + first[row] * first_stride + second[row] * second_stride;
  }
  for (std::size_t column = 2; column < columns(); ++column) {
    const std::uint32_t* from = codes[column];
    const std::uint32_t stride = strides_[column];
    for (std::uint32_t row = 0; row < rows; ++row) places[row] += from[row] * stride;
  }
}

void PlaceGrid::append_codes(std::span<const std::uint32_t> places, std::size_t column,
                             std::vector<std::uint32_t>& codes) const {
  const std::uint32_t stride = strides_[column];
  const std::uint32_t first = columns_[column].first;
  const std::uint32_t size = columns_[column].end - first;
  codes.resize(codes.size() + places.size());
  std::uint32_t* to = codes.data() + codes.size() - places.size();
  if (columns() == 1) {
    for (std::size_t i = 0; i < places.size(); ++i) to[i] = first + places[i];
  } else {
    const Divisor by_stride(stride);
    const Divisor by_size(size);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::uint32_t place = by_stride.quotient(places[i]);
      to[i] = first + place - by_size.quotient(place) * size;
    }
  }
}

Result<std::vector<std::uint32_t>> PlaceGrid::order(std::span<const std::uint32_t> met,
                                                    std::span<const RankedKey> keys,
                                                    ExecutionContext& context) const {
  std::vector<RankedOffsets> ranked;
  for (std::size_t column = 0; column < columns(); ++column) {
    ranked.push_back(offsets_by_rank(keys[column], columns_[column], strides_[column]));
  }
  const MetPlaces places(met, places_);
  const LastColumn last(ranked.back(), places);
  std::uint64_t outer = 1;  // combinations of the columns before the last
  for (std::size_t column = 0; column + 1 < columns(); ++column) {
    outer *= ranked[column].offsets.size();
  }
  const std::uint64_t at_once =
      std::max<std::uint64_t>(1, kPlacesAtOnce / (ranked.back().offsets.size() + 1));
  const std::size_t items = (outer + at_once - 1) / at_once;
  const auto walk = [&](std::size_t item, const auto& visit) {
    const std::uint64_t begin = item * at_once;
    const std::uint64_t end = std::min(outer, begin + at_once);
    std::vector<std::size_t> at(columns() - 1);  // the ranks, counted up like a clock
    std::uint64_t rest = begin;
    for (std::size_t column = at.size(); column-- > 0;) {
      at[column] = rest % ranked[column].offsets.size();
      rest /= ranked[column].offsets.size();
    }
    for (std::uint64_t i = begin; i < end; ++i) {
      std::uint32_t base = 0;
      for (std::size_t column = 0; column < at.size(); ++column) {
        base += ranked[column].offsets[at[column]];
      }
      visit(base);
      for (std::size_t column = at.size(); column-- > 0;) {
        if (++at[column] < ranked[column].offsets.size()) break;
        at[column] = 0;
      }
    }
  };
  std::vector<std::uint32_t> begins(items, 0);
  auto done = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    std::uint32_t count = 0;
    walk(item, [&](std::uint32_t base) { count += last.count(base); });
    begins[item] = count;
    return {};
  });
  if (!done) return pass(done);
  std::uint32_t total = 0;
  for (std::uint32_t& begin : begins) total += std::exchange(begin, total);
  std::vector<std::uint32_t> order(total);
  done = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    std::uint32_t* to = order.data() + begins[item];
    walk(item, [&](std::uint32_t base) { to = last.write(base, to); });
    return {};
  });
  if (!done) return pass(done);
  return order;
}

}  // namespace stave
