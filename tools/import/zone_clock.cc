// What the engine knows of a zone, remembered for the times near the last one.
#include "tools/import/zone_clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace stave::loading {

namespace {

// Times that a timestamp can hold are far inside this.
constexpr std::int64_t kFar = 9'000'000'000'000 * kMicrosPerSecond;

}  // namespace

Result<ZoneClock> ZoneClock::find(const std::string& name) {
  auto zone = TimeZone::find(name);
  if (!zone) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("The time zone is not known on this machine: {}. Write it as "
                            "Europe/Berlin, or install the zone data (Debian package tzdata).",
                            name));
  }
  return ZoneClock(name, std::move(*zone));
}

void ZoneClock::remember(const TimeZone::Stretch& stretch) {
  offset_ = stretch.offset;
  utc_begin_ = std::clamp(stretch.begin, -kFar, kFar);
  utc_end_ = std::clamp(stretch.end, -kFar, kFar);
  // A day's distance from both ends keeps clear of times that occur twice or never.
  local_begin_ = utc_begin_ + offset_ + kMicrosPerDay;
  local_end_ = utc_end_ + offset_ - kMicrosPerDay;
}

std::int64_t ZoneClock::look_up_local(std::int64_t local_micros) {
  const std::int64_t utc_micros = zone_->instant_of(local_micros);
  remember(zone_->stretch_at(utc_micros));
  return utc_micros;
}

bool ZoneClock::utc_of_named(std::int64_t local_micros, std::string_view abbreviation,
                             std::int64_t& utc_micros) const {
  const std::optional<std::int64_t> found = zone_->instant_of(local_micros, abbreviation);
  if (!found) return false;
  utc_micros = *found;
  return true;
}

std::int64_t ZoneClock::look_up_utc(std::int64_t utc_micros) {
  const TimeZone::Stretch& stretch = zone_->stretch_at(utc_micros);
  remember(stretch);
  return stretch.local(utc_micros);
}

}  // namespace stave::loading
