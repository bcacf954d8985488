// A time zone: from local clocks to UTC and to local days, a transition looked up once and then
// remembered.
// Local times that occur twice mean the earlier one; those that never occur mean the moment of the
// change. One object for each thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/runtime/time_zone.h"
#include "stave/result.h"

namespace stave::loading {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Days of a point in time, rounded down.
constexpr std::int64_t floor_day(std::int64_t micros) {
  const std::int64_t day = micros / kMicrosPerDay;
  return day * kMicrosPerDay > micros ? day - 1 : day;
}

class ZoneClock {
 public:
  static Result<ZoneClock> find(const std::string& name);

  // From microseconds since 1970 of a wall clock in the zone.
  std::int64_t utc_of_local(std::int64_t local_micros) {
    if (local_micros >= local_begin_ && local_micros < local_end_) return local_micros - offset_;
    return look_up_local(local_micros);
  }
  // Of a wall clock that shows the zone's abbreviation too, such as CEST: false where the zone has
  // none such at that time.
  bool utc_of_named(std::int64_t local_micros, std::string_view abbreviation,
                    std::int64_t& utc_micros) const;
  bool is_same_zone(const ZoneClock& other) const { return name_ == other.name_; }
  // Whether the zone's clock is not changed from one moment to another.
  bool is_steady(std::int64_t utc_begin, std::int64_t utc_end) {
    local_of_utc(utc_begin);
    return utc_begin >= utc_begin_ && utc_end < utc_end_;
  }
  std::int64_t local_of_utc(std::int64_t utc_micros) {
    if (utc_micros >= utc_begin_ && utc_micros < utc_end_) return utc_micros + offset_;
    return look_up_utc(utc_micros);
  }

 private:
  ZoneClock(std::string name, std::shared_ptr<const TimeZone> zone)
      : name_(std::move(name)), zone_(std::move(zone)) {}
  std::int64_t look_up_local(std::int64_t local_micros);
  std::int64_t look_up_utc(std::int64_t utc_micros);
  void remember(const TimeZone::Stretch& stretch);

  std::string name_;
  std::shared_ptr<const TimeZone> zone_;
  // Where `offset_` holds without doubt; empty at first.
  std::int64_t local_begin_ = 0;
  std::int64_t local_end_ = 0;
  std::int64_t utc_begin_ = 0;
  std::int64_t utc_end_ = 0;
  std::int64_t offset_ = 0;
};

}  // namespace stave::loading
