// The calendar is the proleptic Gregorian one, counted in 400-year eras, so that no day that fits
// 64 bits overflows; std::chrono stops at year 32767.
#include "storage/type_text.h"

#include <fmt/format.h>

#include <charconv>

namespace stave {
namespace {

std::optional<std::uint8_t> digits_from_text(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  std::uint8_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// floor(value / by) and what is left, for by > 0.
struct Division {
  std::int64_t quotient;
  std::int64_t remainder;
};
Division divide_down(std::int64_t value, std::int64_t by) {
  Division result{value / by, value % by};
  if (result.remainder < 0) {
    --result.quotient;
    result.remainder += by;
  }
  return result;
}

}  // namespace

std::optional<Type> type_from_text(std::string_view text) {
  for (const Type type :
       {kBoolType, kInt64Type, kFloat64Type, kStringType, kDateType, kTimestampType}) {
    if (text == to_string(type)) {
      return type;
    }
  }
  const std::size_t comma = text.find(',');
  if (!text.starts_with("decimal(") || !text.ends_with(")") || comma == std::string_view::npos) {
    return std::nullopt;
  }
  constexpr std::size_t kBegin = 8;
  const auto precision = digits_from_text(text.substr(kBegin, comma - kBegin));
  const auto scale = digits_from_text(text.substr(comma + 1, text.size() - comma - 2));
  if (!precision || !scale || *precision == 0 || *precision > kMaxDecimalPrecision ||
      *scale > *precision) {
    return std::nullopt;
  }
  return decimal_type(*precision, *scale);
}

std::string date_text(std::int64_t days) {
  // Days are counted from 0000-03-01, so that the leap day ends a year.
  constexpr std::int64_t kDaysOfEra = 146'097;
  constexpr std::int64_t kMarchOfYearZero = -719'468;
  const Division whole = divide_down(days, kDaysOfEra);
  const Division era = divide_down(whole.remainder - kMarchOfYearZero, kDaysOfEra);
  const std::int64_t day_of_era = era.remainder;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year =
      (whole.quotient + era.quotient) * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return year < 0 ? fmt::format("-{:04}-{:02}-{:02}", -year, month, day)
                  : fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string timestamp_text(std::int64_t microseconds) {
  const Division day = divide_down(microseconds, 86'400'000'000);
  const std::int64_t seconds = day.remainder / 1'000'000;
  std::string text = fmt::format("{} {:02}:{:02}:{:02}", date_text(day.quotient), seconds / 3600,
                                 seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = day.remainder % 1'000'000; fraction != 0) {
    text += fmt::format(".{:06}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

}  // namespace stave
