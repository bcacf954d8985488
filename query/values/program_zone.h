// The time zone that a program is read and answered in: the engine's, by name, with the days that
// literals and results need.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/runtime/time_zone.h"
#include "stave/result.h"

namespace stave {

class ProgramZone {
 public:
  // An IANA name such as "Europe/Berlin".
  static Result<ProgramZone> find(const std::string& name);

  const std::string& name() const { return name_; }
  // The first instant of the day, days counted since 1970.
  std::int64_t midnight(std::int64_t day) const { return instant(day * kMicrosecondsOfDay); }
  std::int64_t day_of(std::int64_t instant) const;
  // The wall clock, as if it were UTC, and back.
  std::int64_t local(std::int64_t instant) const;
  std::int64_t instant(std::int64_t local) const { return zone_->instant_of(local); }

 private:
  ProgramZone(std::string name, std::shared_ptr<const TimeZone> zone)
      : name_(std::move(name)), zone_(std::move(zone)) {}

  std::string name_;
  std::shared_ptr<const TimeZone> zone_;
};

}  // namespace stave
