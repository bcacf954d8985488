// Dates and times from CSV text, in all the forms that docs/import.md lists.
// Invariant: as in parse_number.h, text is padded. Years are 1..9999.
#pragma once

#include <cstdint>

#include "tools/import/parse_number.h"
#include "tools/import/zone_clock.h"

namespace stave::loading {

enum class DateOrder : std::uint8_t { kYearFirst, kMonthFirst, kDayFirst };

// Days since 1970-01-01 of a day of the proleptic Gregorian calendar.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

struct CivilDay {
  std::int64_t year = 1970;
  unsigned month = 1;
  unsigned day = 1;
};
CivilDay civil_from_days(std::int64_t days);
unsigned last_day_of_month(std::int64_t year, unsigned month);

class TimeParser {
 public:
  TimeParser(ZoneClock clock, DateOrder order) : clock_(clock), order_(order) {}

  // Microseconds since 1970 UTC. Text without a zone is local to the store; a date alone is its
  // first moment; an integer counts seconds or, from 10^11 on, milliseconds (from 10^14 on
  // microseconds) since 1970.
  ParseFault parse_timestamp(const char* begin, const char* end, std::int64_t& micros);

  // Days since 1970-01-01. Of a timestamp the local day counts. `allow_month`: "2025-05" is its
  // first day.
  ParseFault parse_date(const char* begin, const char* end, bool allow_month, std::int64_t& days);

  ZoneClock& clock() { return clock_; }

 private:
  bool parse_fixed(const char* begin, std::int64_t& local_micros);

  ZoneClock clock_;
  DateOrder order_;
  std::uint64_t last_date_[2] = {0, 0};  // the ten bytes of the date parsed last ...
  std::int64_t last_date_micros_ = 0;    // ... and its first moment on a local clock
};

}  // namespace stave::loading
