// Calendar arithmetic by the date library.
#include "query/values/calendar.h"

#include <date/date.h>

#include <algorithm>

namespace stave {
namespace {

date::year_month_day calendar_day(CivilDay civil) {
  return date::year(civil.year) / date::month(static_cast<unsigned>(civil.month)) /
         date::day(static_cast<unsigned>(civil.day));
}

}  // namespace

std::int64_t days_from_civil(CivilDay civil) {
  return date::sys_days(calendar_day(civil)).time_since_epoch().count();
}

CivilDay civil_from_days(std::int64_t days) {
  const std::int64_t within = std::clamp<std::int64_t>(days, -10'000'000, 10'000'000);
  const date::year_month_day day{date::sys_days(date::days(static_cast<int>(within)))};
  return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
          static_cast<int>(static_cast<unsigned>(day.day()))};
}

bool is_valid(CivilDay civil) {
  return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.day >= 1 &&
         civil.month <= 12 && civil.day <= 31 && calendar_day(civil).ok();
}

std::int64_t add_months(std::int64_t days, std::int64_t months) {
  const CivilDay from = civil_from_days(days);
  const std::int64_t within = std::clamp<std::int64_t>(months, -240'000, 240'000);
  const std::int64_t total = std::int64_t{from.year} * 12 + from.month - 1 + within;
  CivilDay to;
  to.year = static_cast<int>(total / 12 - (total % 12 < 0 ? 1 : 0));
  to.month = static_cast<int>(total - std::int64_t{to.year} * 12) + 1;
  const auto last = date::year(to.year) / date::month(static_cast<unsigned>(to.month)) / date::last;
  to.day = std::min(from.day, static_cast<int>(static_cast<unsigned>(last.day())));
  return days_from_civil(to);
}

}  // namespace stave
