// Rules of zones come from the date library and the machine's zone data.
#include "tools/import/zone_clock.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "storage/utc.h"

namespace stave::loading {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// Times that a timestamp can hold are far inside this; beyond it zones have one endless rule.
constexpr std::int64_t kFarSeconds = 9'000'000'000'000;

std::int64_t clamped_micros(seconds time) {
  return std::clamp<std::int64_t>(time.count(), -kFarSeconds, kFarSeconds) * kMicrosPerSecond;
}

}  // namespace

Result<ZoneClock> ZoneClock::find(const std::string& name) {
  if (is_utc(name)) {
    return ZoneClock(nullptr);
  }
  try {
    return ZoneClock(date::locate_zone(name));
  } catch (const std::exception& exception) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("The time zone is not known on this machine: {} ({}). Write it as "
                            "Europe/Berlin, or install the zone data (Debian package tzdata).",
                            name, exception.what()));
  }
}

// Without a zone the clock never changes.
void ZoneClock::take_utc() {
  offset_ = 0;
  utc_begin_ = local_begin_ = -kFarSeconds * kMicrosPerSecond;
  utc_end_ = local_end_ = kFarSeconds * kMicrosPerSecond;
}

std::int64_t ZoneClock::look_up_local(std::int64_t local_micros) {
  if (zone_ == nullptr) {
    take_utc();
    return local_micros;
  }
  const date::local_time<microseconds> local{microseconds(local_micros)};
  const date::local_info info = zone_->get_info(std::chrono::floor<seconds>(local));
  if (info.result != date::local_info::unique) {
    return zone_->to_sys(local, date::choose::earliest).time_since_epoch().count();
  }
  // A day's distance from both ends keeps clear of times that occur twice or never.
  offset_ = info.first.offset.count() * kMicrosPerSecond;
  utc_begin_ = clamped_micros(info.first.begin.time_since_epoch());
  utc_end_ = clamped_micros(info.first.end.time_since_epoch());
  local_begin_ = utc_begin_ + offset_ + kMicrosPerDay;
  local_end_ = utc_end_ + offset_ - kMicrosPerDay;
  return local_micros - offset_;
}

bool ZoneClock::utc_of_named(std::int64_t local_micros, std::string_view abbreviation,
                             std::int64_t& utc_micros) const {
  if (zone_ == nullptr) {
    utc_micros = local_micros;
    return abbreviation == "UTC";
  }
  const date::local_time<microseconds> local{microseconds(local_micros)};
  const date::local_info info = zone_->get_info(std::chrono::floor<seconds>(local));
  const bool is_first = info.first.abbrev == abbreviation;
  const bool is_second =
      info.result != date::local_info::unique && info.second.abbrev == abbreviation;
  if (!is_first && !is_second) return false;
  const seconds offset = is_first ? info.first.offset : info.second.offset;
  utc_micros = local_micros - offset.count() * kMicrosPerSecond;
  return true;
}

std::int64_t ZoneClock::look_up_utc(std::int64_t utc_micros) {
  if (zone_ == nullptr) {
    take_utc();
    return utc_micros;
  }
  const date::sys_time<microseconds> utc{microseconds(utc_micros)};
  const date::sys_info info = zone_->get_info(utc);
  offset_ = info.offset.count() * kMicrosPerSecond;
  utc_begin_ = clamped_micros(info.begin.time_since_epoch());
  utc_end_ = clamped_micros(info.end.time_since_epoch());
  local_begin_ = utc_begin_ + offset_ + kMicrosPerDay;
  local_end_ = utc_end_ + offset_ - kMicrosPerDay;
  return utc_micros + offset_;
}

}  // namespace stave::loading
