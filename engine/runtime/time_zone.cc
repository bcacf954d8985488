// Civil time: see time_zone.h.
#include "engine/runtime/time_zone.h"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>

#include "storage/utc.h"

namespace stave {

namespace {

// Transitions are listed for these years; before and after the offset of the border holds.
constexpr int kFirstYear = 1;
constexpr int kLastYear = 2100;

std::int64_t microseconds(date::sys_seconds instant) {
  return instant.time_since_epoch().count() * kMicrosecondsOfSecond;
}

}  // namespace

CivilDate civil_date_of(std::int64_t day) {
  const date::year_month_day civil{date::sys_days{date::days{static_cast<int>(day)}}};
  return {static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()),
          static_cast<unsigned>(civil.day())};
}

std::int64_t day_of(CivilDate date) {
  date::year_month_day civil{date::year{date.year}, date::month{date.month}, date::day{date.day}};
  if (!civil.ok()) civil = civil.year() / civil.month() / date::last;
  return date::sys_days{civil}.time_since_epoch().count();
}

Result<std::shared_ptr<const TimeZone>> TimeZone::find(const std::string& name) {
  auto zone = std::make_shared<TimeZone>();
  constexpr std::int64_t kBegin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  if (stave::is_utc(name)) {
    zone->stretches_.push_back({kBegin, kEnd, 0});
    return zone;
  }
  try {
    const date::time_zone* located = date::locate_zone(name);
    const date::sys_seconds last = date::sys_days{date::year{kLastYear} / 1 / 1};
    date::sys_seconds at = date::sys_days{date::year{kFirstYear} / 1 / 1};
    while (at < last) {
      const date::sys_info info = located->get_info(at);
      const std::int64_t offset = info.offset.count() * kMicrosecondsOfSecond;
      if (!zone->stretches_.empty() && zone->stretches_.back().offset == offset) {
        zone->stretches_.back().end = info.end >= last ? kEnd : microseconds(info.end);
      } else {
        const bool first = zone->stretches_.empty();
        zone->stretches_.push_back({first ? kBegin : zone->stretches_.back().end,
                                    info.end >= last ? kEnd : microseconds(info.end), offset});
      }
      if (info.end <= at) break;
      at = info.end;
    }
    zone->stretches_.back().end = kEnd;
  } catch (const std::exception&) {
    return fail(ErrorCode::kNotFound,
                "Unknown time zone: " + name + ". Use an IANA name such as Europe/Berlin.");
  }
  return zone;
}

const TimeZone::Stretch& TimeZone::stretch_at(std::int64_t instant) const {
  const auto after = std::upper_bound(
      stretches_.begin(), stretches_.end(), instant,
      [](std::int64_t value, const Stretch& stretch) { return value < stretch.begin; });
  return *(after - 1);
}

std::int64_t TimeZone::instant_of(std::int64_t local) const {
  // Offsets are under a day, so the stretch is that of a day before or one of the next ones.
  std::int64_t before = 0;
  if (__builtin_sub_overflow(local, kMicrosecondsOfDay, &before)) return local;
  const Stretch* stretch = &stretch_at(before);
  const Stretch* const end = stretches_.data() + stretches_.size();
  for (; stretch != end; ++stretch) {
    std::int64_t instant = 0;
    if (__builtin_sub_overflow(local, stretch->offset, &instant)) return local;
    if (instant < stretch->begin) return stretch->begin;
    if (instant < stretch->end) return instant;
  }
  return local;
}

std::int64_t TimeZone::bucket(std::int64_t instant, std::int64_t width) const {
  const Stretch& stretch = stretch_at(instant);
  std::int64_t local = 0;
  if (__builtin_add_overflow(instant, stretch.offset, &local)) return instant;
  std::int64_t start = 0;
  if (__builtin_mul_overflow(floor_divide(local, width), width, &start)) return instant;
  const std::int64_t result = start - stretch.offset;
  if (result >= stretch.begin) return result;
  // The bucket began under another offset.
  return std::min(instant_of(start), instant);
}

}  // namespace stave
