// Writing and reading single values.
#include "query/values/value_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "query/values/calendar.h"

namespace stave {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size() || !all_digits(text.substr(at, count))) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

// "HH:MM[:SS[.ffffff]]" from the front of `text`, in microseconds.
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = digits_at(text, 0, 2);
  const auto minute = text.size() > 2 && text[2] == ':' ? digits_at(text, 3, 2) : std::nullopt;
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  text.remove_prefix(5);
  std::int64_t value = (*hour * std::int64_t{60} + *minute) * 60 * kSecond;
  if (text.empty() || text[0] != ':') return value;
  const auto second = digits_at(text, 1, 2);
  if (!second || *second > 59) return std::nullopt;
  text.remove_prefix(3);
  value += *second * kSecond;
  if (text.empty() || text[0] != '.') return value;
  text.remove_prefix(1);
  std::int64_t unit = kSecond / 10;
  std::size_t length = 0;
  for (; length < text.size() && text[length] >= '0' && text[length] <= '9'; ++length) {
    value += (text[length] - '0') * unit;
    unit /= 10;
  }
  if (length == 0 || length > 9) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

// Writes the digits of a number so that they end before `end`, over zeros that are there.
void write_digits(unsigned value, char* end) {
  for (; value != 0; value /= 10) *--end = static_cast<char>('0' + value % 10);
}

constexpr std::size_t kDateBytes = 10;

// The date of a day, where its year has four digits. Results have few days many times: those
// written last are known.
bool write_date(std::int64_t days, char* out) {
  struct KnownDate {
    std::int64_t day;
    char text[kDateBytes];
    bool is_known;
  };
  thread_local std::array<KnownDate, 256> known;
  KnownDate& date = known[static_cast<std::uint64_t>(days) % known.size()];
  if (!date.is_known || date.day != days) {
    const CivilDay civil = civil_from_days(days);
    if (civil.year < 0 || civil.year > 9999) return false;
    char text[] = "0000-00-00";
    write_digits(static_cast<unsigned>(civil.year), text + 4);
    write_digits(static_cast<unsigned>(civil.month), text + 7);
    write_digits(static_cast<unsigned>(civil.day), text + 10);
    date.day = days;
    date.is_known = true;
    std::memcpy(date.text, text, kDateBytes);
  }
  std::memcpy(out, date.text, kDateBytes);
  return true;
}

// With the point before the last `scale` digits.
void append_scaled(std::uint64_t value, std::size_t scale, std::string& out) {
  char text[24];
  const char* end = std::to_chars(text, text + sizeof(text), value).ptr;
  const auto digits = static_cast<std::size_t>(end - text);
  if (scale == 0) {
    out.append(text, digits);
  } else if (digits > scale) {
    out.append(text, digits - scale);
    out += '.';
    out.append(end - scale, scale);
  } else {
    out += "0.";
    out.append(scale - digits, '0');
    out.append(text, digits);
  }
}

}  // namespace

inline namespace values {

void append_decimal(Int128 unscaled, int scale, std::string& out) {
  UInt128 rest =
      unscaled < 0 ? ~static_cast<UInt128>(unscaled) + 1 : static_cast<UInt128>(unscaled);
  if (rest <= std::numeric_limits<std::uint64_t>::max()) {
    if (unscaled < 0) out += '-';
    append_scaled(static_cast<std::uint64_t>(rest), static_cast<std::size_t>(scale), out);
    return;
  }
  char digits[48];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0 || count <= scale);
  if (unscaled < 0) out += '-';
  while (count > 0) {
    if (count == scale) out += '.';
    out += digits[--count];
  }
}

void append_float64(double value, std::string& out) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out.append(buffer, end);
}

void append_date(std::int64_t days, std::string& out) {
  char text[kDateBytes];
  if (write_date(days, text)) {
    out.append(text, sizeof(text));
    return;
  }
  const CivilDay civil = civil_from_days(days);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

void append_timestamp(std::int64_t microseconds, const ProgramZone& zone, std::string& out) {
  const std::int64_t local = zone.local(microseconds);
  const std::int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
  const std::int64_t within = local - days * kDay;
  const auto seconds = static_cast<unsigned>(within / kSecond);
  char text[] = "0000-00-00 00:00:00";
  const bool is_usual = write_date(days, text);
  if (!is_usual) append_date(days, out);
  char* const clock = text + kDateBytes;
  write_digits(seconds / 3600, clock + 3);
  write_digits(seconds / 60 % 60, clock + 6);
  write_digits(seconds % 60, clock + 9);
  out.append(is_usual ? text : clock, text + sizeof(text) - 1);
  if (within % kSecond != 0) {
    fmt::format_to(std::back_inserter(out), ".{:06}", within % kSecond);
  }
}

std::optional<std::int64_t> parse_int64(std::string_view text) {
  std::int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_float64(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<Value> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (!all_digits(whole) || (point != std::string_view::npos && !all_digits(part))) {
    return std::nullopt;
  }
  const std::size_t significant = whole.find_first_not_of('0');
  const std::string_view digits =
      significant == std::string_view::npos ? std::string_view() : whole.substr(significant);
  if (digits.size() + part.size() > kMaxDecimalPrecision) return std::nullopt;
  Int128 value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  for (const char c : part) value = value * 10 + (c - '0');
  const auto precision =
      static_cast<std::uint8_t>(std::max<std::size_t>(1, digits.size() + part.size()));
  return Value{decimal_type(precision, static_cast<std::uint8_t>(part.size())),
               negative ? -value : value};
}

std::optional<Value> rescale(const Value& decimal, Type type) {
  Int128 value = std::get<Int128>(decimal.data);
  for (int scale = decimal.type.scale; scale < type.scale; ++scale) {
    if (__builtin_mul_overflow(value, Int128{10}, &value)) return std::nullopt;
  }
  for (int scale = decimal.type.scale; scale > type.scale; --scale) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  Int128 limit = 1;
  for (int i = 0; i < type.precision; ++i) limit *= 10;
  if (value >= limit || value <= -limit) return std::nullopt;
  return Value{type, value};
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const CivilDay civil{*year, *month, *day};
  if (!is_valid(civil)) return std::nullopt;
  return days_from_civil(civil);
}

std::optional<std::int64_t> parse_timestamp(std::string_view text, const ProgramZone& zone) {
  const auto day = parse_date(text.substr(0, 10));
  if (!day) return std::nullopt;
  if (text.size() == 10) return zone.midnight(*day);
  if (text[10] != 'T' && text[10] != ' ') return std::nullopt;
  text.remove_prefix(11);
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const std::int64_t local = *day * kDay + *clock;
  if (text.empty()) return zone.instant(local);
  if (text == "Z") return local;
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int hours = digits_at(text, 1, 2).value_or(99);
  const int minutes = digits_at(text, 4, 2).value_or(99);
  if (hours > 15 || minutes > 59) return std::nullopt;
  const std::int64_t offset = (hours * std::int64_t{60} + minutes) * 60 * kSecond;
  return text[0] == '+' ? local - offset : local + offset;
}

std::optional<Value> parse_value(std::string_view text, Type type, const ProgramZone& zone) {
  const auto wrap = [&](auto parsed) -> std::optional<Value> {
    if (!parsed) return std::nullopt;
    return Value{type, *parsed};
  };
  if (text == "null" && type.kind != TypeKind::kString) return Value{type, {}};
  switch (type.kind) {
    case TypeKind::kBool:
      if (text == "true" || text == "false") return Value{type, text == "true"};
      return std::nullopt;
    case TypeKind::kInt64:
      return wrap(parse_int64(text));
    case TypeKind::kFloat64:
      return wrap(parse_float64(text));
    case TypeKind::kDate:
      return wrap(parse_date(text));
    case TypeKind::kTimestamp:
      return wrap(parse_timestamp(text, zone));
    case TypeKind::kString:
      return Value{type, std::string(text)};
    case TypeKind::kDecimal: {
      const auto parsed = parse_decimal(text);
      return parsed ? rescale(*parsed, type) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::string to_text(const Value& value, const ProgramZone& zone) {
  if (value.is_null()) return "null";
  std::string out;
  switch (value.type.kind) {
    case TypeKind::kBool:
      return std::get<bool>(value.data) ? "true" : "false";
    case TypeKind::kInt64:
      return std::to_string(std::get<std::int64_t>(value.data));
    case TypeKind::kFloat64:
      append_float64(std::get<double>(value.data), out);
      return out;
    case TypeKind::kDecimal:
      append_decimal(std::get<Int128>(value.data), value.type.scale, out);
      return out;
    case TypeKind::kDate:
      append_date(std::get<std::int64_t>(value.data), out);
      return out;
    case TypeKind::kTimestamp:
      append_timestamp(std::get<std::int64_t>(value.data), zone, out);
      return out;
    default:
      return std::get<std::string>(value.data);
  }
}

}  // namespace values
}  // namespace stave
