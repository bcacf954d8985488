// Days, months and years of the proleptic Gregorian calendar, as plain integers.
#pragma once

#include <cstdint>

namespace stave {

struct CivilDay {
  int year = 1970;
  int month = 1;
  int day = 1;
};

std::int64_t days_from_civil(CivilDay civil);
CivilDay civil_from_days(std::int64_t days);
bool is_valid(CivilDay civil);
// Clips the day to the new month's length: January 31st and one month is the end of February.
std::int64_t add_months(std::int64_t days, std::int64_t months);

inline constexpr std::int64_t kEarliestDay = -719'162;  // 0001-01-01
inline constexpr std::int64_t kLatestDay = 2'932'896;   // 9999-12-31

}  // namespace stave
