// Proleptic Gregorian days by way of <chrono>.
#include "tools/generate/calendar.h"

#include <charconv>
#include <chrono>

#include "tools/generate/text.h"

namespace stave::generator {
namespace {

std::chrono::year_month_day civil(std::int64_t day) {
  return std::chrono::sys_days{std::chrono::days{day}};
}

std::int64_t serial(const std::chrono::year_month_day& date) {
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<std::int64_t> day_from_text(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return serial(date);
}

void append_day(std::string& out, std::int64_t day) {
  const auto date = civil(day);
  const auto year = static_cast<std::uint32_t>(static_cast<int>(date.year()));
  append_two_digits(out, year / 100);
  append_two_digits(out, year % 100);
  out.push_back('-');
  append_two_digits(out, static_cast<unsigned>(date.month()));
  out.push_back('-');
  append_two_digits(out, static_cast<unsigned>(date.day()));
}

int weekday(std::int64_t day) {
  const std::chrono::weekday named{std::chrono::sys_days{std::chrono::days{day}}};
  return static_cast<int>(named.iso_encoding()) - 1;
}

std::int64_t first_of_month(std::int64_t day) {
  const auto date = civil(day);
  return serial(date.year() / date.month() / std::chrono::day{1});
}

std::int64_t month_later(std::int64_t day) {
  const auto next = civil(day) + std::chrono::months{1};
  return next.ok() ? serial(next) : serial(next.year() / next.month() / std::chrono::last);
}

}  // namespace stave::generator
