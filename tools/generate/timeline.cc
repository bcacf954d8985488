// The inverse of a distribution function that is linear within quarters of an hour.
#include "tools/generate/timeline.h"

#include <algorithm>
#include <array>

#include "storage/int128.h"
#include "tools/generate/calendar.h"

namespace stave::generator {
namespace {

// Listening through the day in UTC, relative; between full hours it is interpolated.
constexpr std::array<std::uint32_t, 24> kHourWeights{30, 22, 16,  12, 11, 14, 24, 42,
                                                     56, 58, 56,  58, 64, 66, 66, 70,
                                                     80, 94, 100, 98, 90, 80, 64, 46};
// Monday first.
constexpr std::array<std::uint32_t, 7> kWeekdayWeights{92, 94, 96, 100, 116, 112, 98};
constexpr std::uint32_t kSlotsPerHour = 4;

}  // namespace

Timeline::Timeline(std::int64_t first_day, std::int64_t days) : start_(first_day * kSecondsPerDay) {
  weight_before_.reserve(static_cast<std::size_t>(days) * kHourWeights.size() * kSlotsPerHour + 1);
  weight_before_.push_back(0);
  for (std::int64_t day = first_day; day < first_day + days; ++day) {
    const std::uint64_t day_weight = kWeekdayWeights[static_cast<std::size_t>(weekday(day))];
    for (std::size_t hour = 0; hour < kHourWeights.size(); ++hour) {
      const std::uint64_t here = kHourWeights[hour];
      const std::uint64_t next = kHourWeights[(hour + 1) % kHourWeights.size()];
      for (std::uint32_t slot = 0; slot < kSlotsPerHour; ++slot) {
        const std::uint64_t weight = here * (kSlotsPerHour - slot) + next * slot;
        weight_before_.push_back(weight_before_.back() + weight * day_weight);
      }
    }
  }
}

std::int64_t Timeline::Cursor::at(std::uint64_t position, std::uint64_t total, Random& random) {
  const auto& before = timeline_.weight_before_;
  // The event lies at a random place of its even share of the whole weight, in 2^-16 of a unit.
  const UInt128 span = static_cast<UInt128>(before.back()) << 16;
  const auto low = static_cast<std::uint64_t>(span * position / total);
  const auto high = static_cast<std::uint64_t>(span * (position + 1) / total);
  const std::uint64_t place = low + (high > low ? random.below(high - low) : 0);
  const std::uint64_t weight = place >> 16;
  if (!placed_) {
    const auto after = std::upper_bound(before.begin(), before.end(), weight);
    slot_ = static_cast<std::size_t>(after - before.begin()) - 1;
    placed_ = true;
  }
  while (before[slot_ + 1] <= weight) {
    ++slot_;
  }
  const std::uint64_t inside = place - (before[slot_] << 16);
  const std::uint64_t size = (before[slot_ + 1] - before[slot_]) << 16;
  return timeline_.start_ + static_cast<std::int64_t>(slot_) * kSlotSeconds +
         static_cast<std::int64_t>(static_cast<UInt128>(inside) * kSlotSeconds / size);
}

}  // namespace stave::generator
