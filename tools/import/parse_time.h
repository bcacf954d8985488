// Dates and times from CSV text, in all the forms that docs/import.md lists.
// Invariant: as in parse_number.h, text is padded. Years are 1..9999.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "tools/import/parse_number.h"
#include "tools/import/time_scanner.h"
#include "tools/import/zone_clock.h"

namespace stave::loading {

class TimePattern;

// Of dates in numbers. kIso: 2025-05-01 or 2025/05/01; the others with dots too, and where the year
// is last it may have two digits.
enum class DateOrder : std::uint8_t { kIso, kYearFirst, kMonthFirst, kDayFirst };

// Days since 1970-01-01 of a day of the proleptic Gregorian calendar.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

struct CivilDay {
  std::int64_t year = 1970;
  unsigned month = 1;
  unsigned day = 1;
};
CivilDay civil_from_days(std::int64_t days);
unsigned last_day_of_month(std::int64_t year, unsigned month);
// Of the years 1..9999.
bool is_civil_day(unsigned year, unsigned month, unsigned day);

// Year of two digits as POSIX has it: 69..99 are of the last century.
unsigned year_of_two_digits(unsigned year);

class TimeParser {
 public:
  TimeParser(ZoneClock clock, DateOrder order) : TimeParser(clock, clock, order, nullptr) {}
  // `text_clock`: of texts that name no zone, where that is not the store's. `pattern`: how texts
  // are written, ISO 8601 beside; null: as `order` says.
  TimeParser(ZoneClock clock, ZoneClock text_clock, DateOrder order,
             std::shared_ptr<const TimePattern> pattern)
      : clock_(clock), text_clock_(text_clock), order_(order), pattern_(std::move(pattern)) {}

  // Microseconds since 1970 UTC. A date alone is its first moment; without a pattern an integer
  // counts seconds or, from 10^11 on, milliseconds (from 10^14 on microseconds) since 1970.
  ParseFault parse_timestamp(const char* begin, const char* end, std::int64_t& micros);

  // Days since 1970-01-01. Of a timestamp the day in the store's zone counts. `allow_month`:
  // "2025-05" is its first day.
  ParseFault parse_date(const char* begin, const char* end, bool allow_month, std::int64_t& days);

  // Whether a text that is a time has no clock.
  bool is_date_alone(const char* begin, const char* end) const;
  bool has_pattern() const { return pattern_ != nullptr; }

  ZoneClock& clock() { return clock_; }

 private:
  bool scan(const char* begin, const char* end, bool allow_month, ScannedTime& time) const;
  bool to_utc(const ScannedTime& time, std::int64_t& micros);
  bool parse_fixed(const char* begin, std::int64_t& local_micros);

  ZoneClock clock_;
  ZoneClock text_clock_;
  DateOrder order_;
  std::shared_ptr<const TimePattern> pattern_;
  std::uint64_t last_date_[2] = {0, 0};  // the ten bytes of the date parsed last ...
  std::int64_t last_date_micros_ = 0;    // ... and its first moment on a local clock
};

}  // namespace stave::loading
