// Time zones by the date library; its exceptions stop here.
#include "query/values/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <exception>

namespace stave {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// Beyond them the calendar library's arithmetic would overflow: years -9,000 to 9,999 do.
constexpr std::int64_t kEarliest = -340'000'000'000LL * 1'000'000;
constexpr std::int64_t kLatest = 253'402'300'799LL * 1'000'000;
constexpr std::int64_t kMicrosecondsPerDay = 86'400LL * 1'000'000;

date::sys_seconds whole_seconds(std::int64_t value) {
  return date::floor<seconds>(
      date::sys_time<microseconds>(microseconds(std::clamp(value, kEarliest, kLatest))));
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

Result<TimeZone> TimeZone::find(const std::string& name) {
  try {
    return TimeZone(name, date::locate_zone(name));
  } catch (const std::exception&) {
    return fail(ErrorCode::kInvalidArgument,
                "No such time zone: " + name + ". Use a name such as UTC or Europe/Berlin.");
  }
}

std::int64_t TimeZone::local(std::int64_t value) const {
  if (value < known_from_ || value >= known_to_) {
    try {
      const date::sys_info info = zone_->get_info(whole_seconds(value));
      const auto bound = [](date::sys_seconds at) {
        const std::int64_t limit = kLatest / 1'000'000;
        return std::clamp<std::int64_t>(at.time_since_epoch().count(), -limit, limit) * 1'000'000;
      };
      known_from_ = bound(info.begin);
      known_to_ = bound(info.end);
      offset_ = info.offset.count() * std::int64_t{1'000'000};
    } catch (const std::exception&) {
      offset_ = 0;
    }
  }
  std::int64_t out = 0;
  return __builtin_add_overflow(value, offset_, &out) ? value : out;
}

std::int64_t TimeZone::day_of(std::int64_t value) const {
  return floor_divide(local(value), kMicrosecondsPerDay);
}

std::int64_t TimeZone::instant(std::int64_t local_value) const {
  const std::int64_t whole = floor_divide(std::clamp(local_value, kEarliest, kLatest), 1'000'000);
  const date::local_seconds wall{seconds(whole)};
  try {
    const date::local_info info = zone_->get_info(wall);
    // In a gap the clock jumps from `first` to `second`: the instant of the jump.
    if (info.result == date::local_info::nonexistent) {
      return info.first.end.time_since_epoch().count() * std::int64_t{1'000'000};
    }
    return local_value - info.first.offset.count() * std::int64_t{1'000'000};
  } catch (const std::exception&) {
    return local_value;
  }
}

std::int64_t TimeZone::midnight(std::int64_t day) const {
  const std::int64_t furthest = kLatest / kMicrosecondsPerDay;
  return instant(std::clamp(day, -furthest, furthest) * kMicrosecondsPerDay);
}

}  // namespace stave
