// Instants and the civil time of one zone: its changes of offset, listed when it is found.
// Invariant: every function is total: instants outside the years that civil dates reach are clipped
// to no answer (kNoCivilDay), which callers turn into a fault.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"

namespace stave {

inline constexpr std::int64_t kMicrosecondsOfSecond = 1'000'000;
inline constexpr std::int64_t kMicrosecondsOfDay = 86'400 * kMicrosecondsOfSecond;
// Days since 1970 of the years -9999 to 9999.
inline constexpr std::int64_t kFirstCivilDay = -4'371'587;
inline constexpr std::int64_t kLastCivilDay = 2'932'896;

inline std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return quotient - ((value % by != 0 && (value < 0) != (by < 0)) ? 1 : 0);
}

struct CivilDate {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
};
// `day` within kFirstCivilDay..kLastCivilDay.
CivilDate civil_date_of(std::int64_t day);
std::int64_t day_of(CivilDate date);  // a day beyond its month's end is clipped to it
inline bool is_civil(std::int64_t day) {
  return day >= kFirstCivilDay && day <= kLastCivilDay;
}

class TimeZone {
 public:
  // kNotFound for a name that the system's zone data does not have.
  static Result<std::shared_ptr<const TimeZone>> find(const std::string& name);

  // A stretch of time with one offset: local = instant + offset for begin <= instant < end.
  struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t offset = 0;

    std::int64_t local(std::int64_t instant) const {
      std::int64_t result = 0;
      // Only instants at the very ends of time overflow, and their days are not civil either way.
      return __builtin_add_overflow(instant, offset, &result) ? instant : result;
    }
  };
  const Stretch& stretch_at(std::int64_t instant) const;
  std::int64_t offset_at(std::int64_t instant) const { return stretch_at(instant).offset; }
  // The instant at which local time first shows `local` or, in a gap, the instant the gap ends.
  std::int64_t instant_of(std::int64_t local) const;
  // Of a wall clock that shows the zone's abbreviation too, such as CEST: none where the zone has
  // none such at that time.
  std::optional<std::int64_t> instant_of(std::int64_t local, std::string_view abbreviation) const;
  // The start of the bucket of `width` local microseconds that holds `instant`; a repeated hour has
  // buckets of its own.
  std::int64_t bucket(std::int64_t instant, std::int64_t width) const;
  bool is_utc() const { return stretches_.size() == 1 && stretches_[0].offset == 0; }

 private:
  struct Names;

  std::vector<Stretch> stretches_;      // without gaps, over all of time
  std::shared_ptr<const Names> names_;  // null: UTC, for which no zone data is read
};

// Remembers the last stretch: neighbouring rows are near in time.
class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(&zone), stretch_(zone.stretch_at(0)) {}
  std::int64_t local(std::int64_t instant) {
    if (instant < stretch_.begin || instant >= stretch_.end) {
      stretch_ = zone_->stretch_at(instant);
    }
    return stretch_.local(instant);
  }
  std::int64_t local_day(std::int64_t instant) {
    return floor_divide(local(instant), kMicrosecondsOfDay);
  }

 private:
  const TimeZone* zone_;
  TimeZone::Stretch stretch_;
};

}  // namespace stave
