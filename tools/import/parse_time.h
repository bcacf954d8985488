// Dates and times from CSV text, in all the forms that docs/import.md lists.
// Invariant: as in parse_number.h, text is padded. Years are 1..9999.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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
  TimeParser(const ZoneClock& clock, DateOrder order) : TimeParser(clock, clock, order, nullptr) {}
  // `text_clock`: of texts that name no zone, where that is not the store's. `pattern`: how texts
  // are written, ISO 8601 beside; null: as `order` says.
  TimeParser(ZoneClock clock, ZoneClock text_clock, DateOrder order,
             std::shared_ptr<const TimePattern> pattern)
      : clock_(std::move(clock)),
        text_clock_(std::move(text_clock)),
        order_(order),
        pattern_(std::move(pattern)) {}

  // Microseconds since 1970 UTC. A date alone is its first moment; without a pattern an integer
  // counts seconds or, from 10^11 on, milliseconds (from 10^14 on microseconds) since 1970.
  ParseFault parse_timestamp(const char* begin, const char* end, std::int64_t& micros) {
    std::int64_t local = 0;
    if (end - begin == kFixedSize && parse_fixed(begin, local)) [[likely]] {
      micros = text_clock_.utc_of_local(local);
      return ParseFault::kNone;
    }
    return parse_other_timestamp(begin, end, micros);
  }

  // Whether `YYYY-MM-DD` and `YYYY-MM-DD HH:MM:SS` mean what they do everywhere, so that
  // cell_batch.h reads them too; such times then stand for this moment.
  bool reads_usual_times() const { return pattern_ == nullptr; }
  std::int64_t utc_of_local(std::int64_t micros) { return text_clock_.utc_of_local(micros); }

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
  ParseFault parse_other_timestamp(const char* begin, const char* end, std::int64_t& micros);
  bool take_date(const char* begin);

  // `YYYY-MM-DD HH:MM:SS`, read in words of eight bytes, its date compared with the last one first.
  static constexpr std::ptrdiff_t kFixedSize = 19;
  bool parse_fixed(const char* begin, std::int64_t& local_micros) {
    std::uint64_t date[2] = {0, 0};
    std::memcpy(&date[0], begin, 8);
    std::memcpy(&date[1], begin + 8, 2);
    const bool is_last = date[0] == last_date_[0] && date[1] == last_date_[1];
    if ((begin[10] != ' ' && begin[10] != 'T') || (!is_last && !take_date(begin))) return false;
    std::uint64_t clock = 0;
    std::memcpy(&clock, begin + 11, 8);
    const std::uint64_t value = clock ^ 0x30303A30303A3030;  // "00:00:00"
    // Each digit is now 0..9 and each colon 0.
    const std::uint64_t carry = (value + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0;
    const bool is_clock = ((value & 0xF0F0FFF0F0FFF0F0) | (carry & 0xF0F000F0F000F0F0)) == 0;
    // Two digits to a number, in the bytes of the first of them.
    const std::uint64_t pairs = value * 10 + (value >> 8);
    const std::uint64_t hour = pairs & 0xFF;
    const std::uint64_t minute = pairs >> 24 & 0xFF;
    const std::uint64_t second = pairs >> 48 & 0xFF;
    if (!is_clock || hour > 23 || minute > 59 || second > 59) return false;
    local_micros = last_date_micros_ +
                   static_cast<std::int64_t>((hour * 60 + minute) * 60 + second) * kMicrosPerSecond;
    return true;
  }

  ZoneClock clock_;
  ZoneClock text_clock_;
  DateOrder order_;
  std::shared_ptr<const TimePattern> pattern_;
  // The ten bytes of the date parsed last, at first such as no text has ...
  std::uint64_t last_date_[2] = {0, ~std::uint64_t{0}};
  std::int64_t last_date_micros_ = 0;  // ... and its first moment on a local clock
};

}  // namespace stave::loading
