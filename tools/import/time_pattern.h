// How times are written in a dump, as of strptime: `%d.%m.%Y %H:%M`. Compiled once, read for each
// cell. Invariant: a text that does not fit the pattern to its end is no time; only the part behind
// the date may be missing as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/import/time_scanner.h"

namespace stave::loading {

class TimePattern {
 public:
  static Result<TimePattern> compile(std::string_view text);

  bool read(const char* begin, const char* end, ScannedTime& time) const;
  // 2025-05-01 would be the fifth of January.
  bool is_year_day_month() const { return year_day_month_; }

 private:
  enum class Part : std::uint8_t {
    kYear,
    kYearOfTwoDigits,
    kMonth,
    kMonthName,
    kDay,
    kHour,
    kHourOfTwelve,
    kMinute,
    kSecond,
    kFraction,
    kHalfOfDay,
    kOffset,
    kZoneName,
    kWeekday,
    kBlanks,
    kLiteral,
  };
  struct Step {
    Part part;
    char literal = '\0';
  };
  struct Fields;

  Result<void> add_steps(std::string_view text);
  Result<void> check(std::string_view text);
  std::size_t place_of(Part part) const;
  bool has(Part part) const { return place_of(part) < steps_.size(); }
  static bool take(Step step, TimeScanner& scanner, Fields& fields);

  std::vector<Step> steps_;
  std::size_t date_end_ = 0;  // a text may end before this step; 0: none such
  bool has_clock_ = false;
  bool has_halves_ = false;  // of the day: AM and PM
  bool year_day_month_ = false;
};

}  // namespace stave::loading
