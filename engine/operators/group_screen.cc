// See group_screen.h.
#include "engine/operators/group_screen.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "engine/operators/ordered_bits.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 24;
// Places of an array are groups where there are at least so many rows for each.
constexpr std::uint64_t kRowsForEachPlace = 8;
constexpr std::uint64_t kMostPlaces = std::uint64_t{1} << 22;
// Where more is wanted of all groups than a part of the rows, most of them stay anyway.
constexpr std::uint64_t kRowsForEachBest = 4;
// A thread that has seen so many rows and let half of them pass screens no more.
constexpr std::uint64_t kTrialRows = std::uint64_t{1} << 20;
// Groups of more are far from the processor, and asked for some rows ahead.
constexpr std::size_t kNearPlaces = std::size_t{1} << 15;
constexpr std::uint32_t kAhead = 32;
constexpr std::uint32_t kAtOnce = 256;

// The place of what has not been met, and of null.
constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

}  // namespace

GroupScreen::GroupScreen(const TopNode& top, std::span<const ColumnShape> shapes,
                         std::uint64_t rows, ExecutionContext& context)
    : wanted_(static_cast<std::size_t>(top.count)),
      descending_(top.keys[0].descending),
      most_best_(std::max(kMostPlaces, rows / kRowsForEachBest)),
      packed_(top.keys, shapes.subspan(top.per.size())),
      memory_(context) {
  const auto per = shapes.first(top.per.size());
  std::vector<std::uint32_t> sizes;
  for (const ColumnShape& shape : per) {
    encoders_.emplace_back(shape);
    sizes.push_back(encoders_.back().is_fixed() ? encoders_.back().size() : 0);
  }
  if (per.empty()) return;
  std::vector<std::size_t> columns(per.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  groups_.emplace(std::move(sizes), std::min(rows * 2, kMostSlots), GroupStrategy::kAutomatic);
  groups_->use_places(std::min(rows / kRowsForEachPlace, kMostPlaces / wanted_), columns);
}

Result<std::uint32_t> GroupScreen::let_through(std::span<const Vector> columns, std::uint32_t rows,
                                               std::vector<std::uint64_t>& bits,
                                               ScreenedRows& passed) {
  bits.assign((rows + 63) / 64, 0);
  if (is_over_) return rows;
  const std::uint32_t* groups = nullptr;
  if (groups_) {
    codes_.clear();
    for (std::size_t key = 0; key < encoders_.size(); ++key) {
      auto codes = encoders_[key].encode(columns[key]);
      if (!codes) return pass(codes);
      codes_.push_back(*codes);
    }
    groups =
        groups_->uses_places() ? groups_->find_unmarked(codes_, rows) : groups_->find(codes_, rows);
  }
  if (!make_room(groups_ ? groups_->groups() : 1)) return rows;
  find_places(columns.subspan(encoders_.size()), rows);
  passed.are_told = true;
  const bool is_far = groups != nullptr && best_.size() > kNearPlaces;
  std::array<std::uint32_t, kAtOnce> candidates;
  for (std::uint32_t first = 0; first < rows; first += kAtOnce) {
    // Which rows stay cannot be foreseen: those that may are listed without a branch.
    std::size_t count = 0;
    const std::uint32_t end = std::min(rows, first + kAtOnce);
    for (std::uint32_t row = first; row < end; ++row) {
      if (is_far && row + kAhead < rows) __builtin_prefetch(&best_[groups[row + kAhead] * wanted_]);
      const std::uint32_t group = groups == nullptr ? 0 : groups[row];
      candidates[count] = row;
      count += static_cast<std::size_t>(places_[row] <= best_[group * wanted_]);
    }
    for (const std::uint32_t row : std::span(candidates).first(count)) {
      const std::uint32_t group = groups == nullptr ? 0 : groups[row];
      if (!stays(group, places_[row])) continue;
      bits[row / 64] |= std::uint64_t{1} << row % 64;
      passed.groups.push_back(group);
      passed.places.push_back(places_[row]);
    }
  }
  seen_ += rows;
  passed_ += passed.groups.size();
  is_over_ = seen_ >= kTrialRows && passed_ > seen_ / 2;
  return static_cast<std::uint32_t>(passed.groups.size());
}

void GroupScreen::take(const GroupScreen& other) {
  for (std::size_t place = 0; place < other.best_.size(); ++place) {
    stays(static_cast<std::uint32_t>(place / wanted_), other.best_[place]);
  }
}

std::uint32_t GroupScreen::let_through_again(const ScreenedRows& passed,
                                             std::vector<std::uint64_t>& bits) const {
  const std::size_t rows = passed.groups.size();
  bits.assign((rows + 63) / 64, 0);
  std::uint32_t kept = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const bool stays = passed.places[row] <= best_[passed.groups[row] * wanted_];
    bits[row / 64] |= std::uint64_t{stays ? 1U : 0U} << row % 64;
    kept += stays ? 1U : 0U;
  }
  return kept;
}

bool GroupScreen::make_room(std::size_t groups) {
  if (best_.size() >= groups * wanted_) return true;
  const std::size_t size =
      std::min<std::uint64_t>(std::max(groups * wanted_, best_.size() * 2), most_best_);
  if (size < groups * wanted_ || !memory_.add((size - best_.size()) * sizeof(std::uint64_t))) {
    is_over_ = true;
    return false;
  }
  best_.resize(size, kLast);
  return true;
}

void GroupScreen::find_places(std::span<const Vector> keys, std::uint32_t rows) {
  places_.resize(rows);
  if (packed_.keys() > 1) return packed_.find(keys, places_);
  find_places(keys[0]);
}

void GroupScreen::find_places(const Vector& key) {
  const std::size_t rows = places_.size();
  const std::uint64_t turned = descending_ ? kLast : 0;
  const auto fill = [&](const auto* values) {
    for (std::size_t row = 0; row < rows; ++row) {
      places_[row] = ordered_bits(values[row]) ^ turned;
    }
  };
  switch (key.representation) {
    case Representation::kFloat64:
      fill(key.values<double>());
      break;
    case Representation::kBool:
      for (std::size_t row = 0; row < rows; ++row) {
        places_[row] = std::uint64_t{key.values<std::uint8_t>()[row]} ^ turned;
      }
      break;
    case Representation::kCode:
      for (std::size_t row = 0; row < rows; ++row) {
        const std::uint32_t code = key.values<std::uint32_t>()[row];
        places_[row] =
            code == kNullCode ? kLast : ordered_bits(key.dictionary->int64_at(code)) ^ turned;
      }
      break;
    default:
      fill(key.values<std::int64_t>());
  }
  if (key.validity == nullptr) return;
  for (std::size_t row = 0; row < rows; ++row) {
    if ((key.validity[row / 64] >> row % 64 & 1) == 0) places_[row] = kLast;
  }
}

}  // namespace stave
