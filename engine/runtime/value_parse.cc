// Text to values, strictly: the whole text must be one value. See value_text.h.
#include <charconv>
#include <cmath>

#include "engine/evaluate/decimal_math.h"
#include "engine/runtime/value_text.h"

namespace stave {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// Exactly `count` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const CivilDate date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
  const std::int64_t result = day_of(date);
  if (civil_date_of(result).day != date.day) return std::nullopt;
  return result;
}

// hh:mm[:ss[.ffffff]]
std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t result = (*hour * 60 + *minute) * 60 * kMicrosecondsOfSecond;
  if (!take(text, ':')) return result;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  result += *second * kMicrosecondsOfSecond;
  if (!take(text, '.')) return result;
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::int64_t unit = kMicrosecondsOfSecond / 10;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10) {
    result += (text.front() - '0') * unit;
  }
  return result;
}

// Z, +hh, +hh:mm or +hhmm, in microseconds; nothing where it is none of them.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool negative = take(text, '-');
  if (!negative && !take(text, '+')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23) return std::nullopt;
  int minutes = 0;
  if (!text.empty()) {
    (void)take(text, ':');
    const auto read = take_number(text, 2);
    if (!read || *read > 59) return std::nullopt;
    minutes = *read;
  }
  const std::int64_t offset = (*hours * 60 + minutes) * 60 * kMicrosecondsOfSecond;
  return negative ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> parse_int64(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_double(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Int128> parse_decimal(std::string_view text, int scale) {
  text = trimmed(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  Int128 value = 0;
  int places = -1;  // digits kept after the point; -1 before it
  bool any = false;
  bool round_up = false;
  bool cut = false;
  for (const char character : text) {
    if (character == '.' && places < 0) {
      places = 0;
      continue;
    }
    if (!is_digit(character)) return std::nullopt;
    any = true;
    if (places == scale) {
      if (!cut) round_up = character >= '5';
      cut = true;
      continue;
    }
    value = value * 10 + (character - '0');
    if (!within_precision(value, kMostPower)) return std::nullopt;
    if (places >= 0) ++places;
  }
  if (!any) return std::nullopt;
  const auto scaled = rescaled(value, places < 0 ? 0 : places, scale);
  if (!scaled) return std::nullopt;
  const Int128 result = *scaled + (round_up ? 1 : 0);
  if (!within_precision(result, kMostPower)) return std::nullopt;
  return negative ? -result : result;
}

std::optional<bool> parse_bool(std::string_view text) {
  text = trimmed(text);
  if (text == "true" || text == "True" || text == "TRUE" || text == "1") return true;
  if (text == "false" || text == "False" || text == "FALSE" || text == "0") return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  text = trimmed(text);
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return day;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text, const TimeZone& zone) {
  text = trimmed(text);
  const auto day = take_date(text);
  if (!day) return std::nullopt;
  std::int64_t local = *day * kMicrosecondsOfDay;
  if (text.empty()) return zone.instant_of(local);
  if (!take(text, ' ') && !take(text, 'T')) return std::nullopt;
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  local += *time;
  text = trimmed(text);
  if (text.empty()) return zone.instant_of(local);
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return local - *offset;
}

}  // namespace stave
