// Counting by place; see the header.
#include "engine/aggregate/counted_places.h"

#include <algorithm>
#include <array>

namespace stave {
namespace {

constexpr std::uint32_t kMostCount = 255;
constexpr std::size_t kPlacesInCache = std::size_t{1} << 19;
constexpr std::uint32_t kPrefetchAhead = 24;
constexpr std::size_t kPlacesAtOnce = std::size_t{1} << 16;

// Appends the places, the first of which is `first`, whose byte is not 0. Which are cannot be
// foreseen: nothing branches on it.
std::uint32_t* append_met(std::span<const std::uint8_t> counts, std::uint32_t first,
                          std::uint32_t* to) {
  constexpr std::size_t kStep = 64;
  std::array<std::uint32_t, kStep> places;
  for (std::size_t begin = 0; begin < counts.size(); begin += kStep) {
    const auto step = counts.subspan(begin, std::min(kStep, counts.size() - begin));
    std::size_t met = 0;
    for (std::size_t i = 0; i < step.size(); ++i) {
      places[met] = first + static_cast<std::uint32_t>(begin + i);
      met += (step[i] + kMostCount) >> 8;
    }
    to = std::copy_n(places.data(), met, to);
  }
  return to;
}

}  // namespace

CountedPlaces::CountedPlaces(PlaceGrid grid, bool lists_places)
    : grid_(std::move(grid)), lists_places_(lists_places), counts_(grid_.places(), 0) {}

template <bool kLists, bool kPrefetches>
void CountedPlaces::count_rows(const std::uint32_t* places, std::uint32_t rows) {
  std::uint8_t* counts = counts_.data();
  std::size_t listed = listed_.size();
  if (kLists) listed_.resize(listed + rows);
  std::uint32_t* list = listed_.data();
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (kPrefetches && row + kPrefetchAhead < rows) {
      __builtin_prefetch(counts + places[row + kPrefetchAhead], 1);
    }
    const std::uint32_t place = places[row];
    const std::uint32_t count = counts[place];
    if (kLists) {
      // Whether a row is the first of its place cannot be foreseen: 1 where the count is 0, by
      // arithmetic, since a comparison is made a branch.
      list[listed] = place;
      listed += (count - 1) >> 31;
    }
    counts[place] = static_cast<std::uint8_t>(count + 1);
    if (count == kMostCount) [[unlikely]] {
      carried_.push_back({place, kMostCount});
      counts[place] = 1;
    }
  }
  if (kLists) listed_.resize(listed);
}

void CountedPlaces::add(std::span<const std::uint32_t* const> codes, std::uint32_t rows) {
  row_places_.resize(rows);
  grid_.find(codes, rows, row_places_.data());
  const bool is_far = counts_.size() > kPlacesInCache;
  if (lists_places_) {
    is_far ? count_rows<true, true>(row_places_.data(), rows)
           : count_rows<true, false>(row_places_.data(), rows);
  } else {
    is_far ? count_rows<false, true>(row_places_.data(), rows)
           : count_rows<false, false>(row_places_.data(), rows);
  }
}

void CountedPlaces::add_run(std::uint32_t place, std::uint64_t rows) {
  const std::uint32_t count = counts_[place];
  if (lists_places_ && count == 0) listed_.push_back(place);
  const std::uint64_t total = count + rows;
  const std::uint64_t carried = (total - 1) / kMostCount * kMostCount;
  if (carried != 0) carried_.push_back({place, carried});
  counts_[place] = static_cast<std::uint8_t>(total - carried);
}

void CountedPlaces::add_runs(std::span<const std::uint32_t* const> codes,
                             std::span<const GroupRun> runs) {
  row_places_.resize(runs.size());
  grid_.find(codes, static_cast<std::uint32_t>(runs.size()), row_places_.data());
  for (std::size_t run = 0; run < runs.size(); ++run) add_run(row_places_[run], runs[run].rows);
}

void CountedPlaces::take(const CountedPlaces& other) {
  carried_.insert(carried_.end(), other.carried_.begin(), other.carried_.end());
  constexpr std::size_t kStep = 64;
  const std::uint8_t* more = other.counts_.data();
  std::uint8_t* counts = counts_.data();
  std::size_t place = 0;
  for (; place + kStep <= counts_.size(); place += kStep) {
    // Sums as they fit a byte, which nearly all do.
    std::array<std::uint8_t, kStep> sums;
    std::uint8_t is_beyond = 0;
    for (std::size_t i = 0; i < kStep; ++i) {
      sums[i] = static_cast<std::uint8_t>(counts[place + i] + more[place + i]);
      is_beyond |= static_cast<std::uint8_t>(sums[i] < more[place + i] ? 1 : 0);
    }
    if (is_beyond == 0) {
      std::copy(sums.begin(), sums.end(), counts + place);
      continue;
    }
    for (std::size_t i = place; i < place + kStep; ++i) {
      if (more[i] != 0) add_run(static_cast<std::uint32_t>(i), more[i]);
    }
  }
  for (; place < counts_.size(); ++place) {
    if (more[place] != 0) add_run(static_cast<std::uint32_t>(place), more[place]);
  }
}

Result<std::vector<std::uint32_t>> CountedPlaces::met(ExecutionContext& context) {
  if (lists_places_) {
    settle();
    return listed_;
  }
  const std::size_t items = (counts_.size() + kPlacesAtOnce - 1) / kPlacesAtOnce;
  const auto part = [&](std::size_t item) {
    const std::size_t first = item * kPlacesAtOnce;
    return std::span(counts_).subspan(first, std::min(kPlacesAtOnce, counts_.size() - first));
  };
  std::vector<std::size_t> begins(items, 0);
  auto done = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    const auto counts = part(item);
    begins[item] = counts.size() - static_cast<std::size_t>(
                                       std::count(counts.begin(), counts.end(), std::uint8_t{0}));
    return {};
  });
  if (!done) return pass(done);
  std::size_t total = 0;
  for (std::size_t& begin : begins) total += std::exchange(begin, total);
  std::vector<std::uint32_t> places(total);
  done = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    append_met(part(item), static_cast<std::uint32_t>(item * kPlacesAtOnce),
               places.data() + begins[item]);
    return {};
  });
  if (!done) return pass(done);
  settle();
  return places;
}

void CountedPlaces::settle() {
  std::ranges::sort(carried_, {}, &Carried::place);
  std::size_t kept = 0;
  for (const Carried& carried : carried_) {
    if (kept > 0 && carried_[kept - 1].place == carried.place) {
      carried_[kept - 1].rows += carried.rows;
    } else {
      carried_[kept++] = carried;
    }
  }
  carried_.resize(kept);
  for (Carried& carried : carried_) carried.rows += std::exchange(counts_[carried.place], 0);
}

void CountedPlaces::count(std::span<const std::uint32_t> places,
                          std::span<std::uint64_t> counts) const {
  for (std::size_t i = 0; i < places.size(); ++i) {
    counts[i] = counts_[places[i]];
    if (counts[i] != 0) [[likely]]
      continue;
    counts[i] = std::ranges::lower_bound(carried_, places[i], {}, &Carried::place)->rows;
  }
}

void CountedPlaces::clear() {
  if (lists_places_) {
    for (const std::uint32_t place : listed_) counts_[place] = 0;
  } else {
    std::fill(counts_.begin(), counts_.end(), std::uint8_t{0});
  }
  listed_.clear();
  carried_.clear();
}

std::size_t CountedPlaces::memory_bytes() const {
  return counts_.capacity() + carried_.capacity() * sizeof(Carried) +
         (listed_.capacity() + row_places_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace stave
