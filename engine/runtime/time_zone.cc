// Civil time: see time_zone.h.
#include "engine/runtime/time_zone.h"

#include <date/date.h>

#include <algorithm>
#include <limits>

#include "storage/utc.h"
#include "storage/zone_data.h"

namespace stave {

namespace {

// Changes are listed for these years; before and after the offset of the border holds.
constexpr absl::CivilSecond kFirst(1);
constexpr absl::CivilSecond kLast(2100);

absl::Time first_time() {
  return absl::FromCivil(kFirst, absl::UTCTimeZone());
}
absl::Time last_time() {
  return absl::FromCivil(kLast, absl::UTCTimeZone());
}

std::int64_t offset_of(const absl::TimeZone& zone, absl::Time at) {
  return zone.At(at).offset * kMicrosecondsOfSecond;
}

}  // namespace

struct TimeZone::Names {
  absl::TimeZone zone;
};

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
  const std::optional<absl::TimeZone> data = find_zone_data(name);
  if (!data) {
    return fail(ErrorCode::kNotFound,
                "Unknown time zone: " + name + ". Use an IANA name such as Europe/Berlin.");
  }
  absl::Time at = first_time();
  zone->stretches_.push_back({kBegin, kEnd, offset_of(*data, at)});
  absl::TimeZone::CivilTransition change;
  while (data->NextTransition(at, &change)) {
    const absl::Time next = data->At(change.to).trans;
    if (next <= at || next >= last_time()) break;
    at = next;
    const std::int64_t offset = offset_of(*data, at);
    if (offset == zone->stretches_.back().offset) continue;
    zone->stretches_.back().end = absl::ToUnixMicros(at);
    zone->stretches_.push_back({zone->stretches_.back().end, kEnd, offset});
  }
  zone->names_ = std::make_shared<const Names>(Names{*data});
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

std::optional<std::int64_t> TimeZone::instant_of(std::int64_t local,
                                                 std::string_view abbreviation) const {
  if (names_ == nullptr) {
    return abbreviation == "UTC" ? std::optional(local) : std::nullopt;
  }
  const absl::TimeZone& zone = names_->zone;
  const std::int64_t second = floor_divide(local, kMicrosecondsOfSecond);
  const absl::TimeZone::TimeInfo found = zone.At(absl::CivilSecond() + second);
  const bool is_gap = found.kind == absl::TimeZone::TimeInfo::SKIPPED;
  const bool is_first =
      zone.At(is_gap ? found.trans - absl::Seconds(1) : found.pre).zone_abbr == abbreviation;
  if (!is_first && zone.At(is_gap ? found.trans : found.post).zone_abbr != abbreviation) {
    return std::nullopt;
  }
  return absl::ToUnixMicros(is_first ? found.pre : found.post) +
         (local - second * kMicrosecondsOfSecond);
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
