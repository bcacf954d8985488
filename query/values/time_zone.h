// Days and clock times in one time zone.
// Invariant: every day has a first instant: where the clock jumps over midnight it is the first
// instant after the jump, where midnight comes twice it is the earlier one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stave/result.h"

namespace date {
class time_zone;
}

namespace stave {

class TimeZone {
 public:
  // An IANA name such as "Europe/Berlin".
  static Result<TimeZone> find(const std::string& name);

  const std::string& name() const { return name_; }
  std::int64_t midnight(std::int64_t day) const;         // microseconds since 1970, UTC
  std::int64_t day_of(std::int64_t microseconds) const;  // days since 1970
  // Microseconds since 1970 on the wall clock, as if it were UTC. Not thread-safe: remembers the
  // last offset, since neighbours mostly share it.
  std::int64_t local(std::int64_t microseconds) const;
  // Back from the wall clock.
  std::int64_t instant(std::int64_t local_microseconds) const;

 private:
  TimeZone(std::string name, const date::time_zone* zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const date::time_zone* zone_;
  mutable std::int64_t known_from_ = 1;  // the offset holds in [from, to)
  mutable std::int64_t known_to_ = 0;
  mutable std::int64_t offset_ = 0;
};

}  // namespace stave
