// Every form but the fixed one of parse_time.h goes through a small scanner.
#include "tools/import/parse_time.h"

#include <algorithm>
#include <cstring>

#include "tools/import/time_pattern.h"

namespace stave::loading {

namespace {

bool scan_year_first(TimeScanner& scanner, bool allow_dots, bool allow_month, std::int64_t& days) {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 1;
  if (!scanner.take_number(4, 4, year)) return false;
  const char separator = scanner.peek();
  if (separator != '-' && separator != '/' && !(separator == '.' && allow_dots)) return false;
  if (!scanner.take(separator) || !scanner.take_number(1, 2, month)) return false;
  if (!(allow_month && scanner.done()) &&
      (!scanner.take(separator) || !scanner.take_number(1, 2, day))) {
    return false;
  }
  if (!is_civil_day(year, month, day)) return false;
  days = days_from_civil(year, month, day);
  return true;
}

bool scan_year_last(TimeScanner& scanner, DateOrder order, std::int64_t& days) {
  unsigned first = 0;
  unsigned second = 0;
  unsigned year = 0;
  if (!scanner.take_number(1, 2, first)) return false;
  const char separator = scanner.peek();
  if (separator != '/' && separator != '-' && separator != '.') return false;
  scanner.take(separator);
  if (!scanner.take_number(1, 2, second) || !scanner.take(separator)) return false;
  const char* year_begin = scanner.at();
  if (!scanner.take_number(2, 4, year)) return false;
  const auto year_digits = scanner.at() - year_begin;
  if (year_digits == 3) return false;
  if (year_digits == 2) year = year_of_two_digits(year);
  const unsigned month = order == DateOrder::kMonthFirst ? first : second;
  const unsigned day = order == DateOrder::kMonthFirst ? second : first;
  if (!is_civil_day(year, month, day)) return false;
  days = days_from_civil(year, month, day);
  return true;
}

bool scan_date(const char* begin, const char* end, DateOrder order, bool allow_month,
               TimeScanner& scanner, std::int64_t& days) {
  // A date with the year in front is never ambiguous, whatever the order of the others.
  const bool year_first = end - begin >= 4 && std::all_of(begin, begin + 4, is_time_digit);
  if (year_first || order == DateOrder::kIso || order == DateOrder::kYearFirst) {
    return scan_year_first(scanner, order != DateOrder::kIso, allow_month, days);
  }
  return scan_year_last(scanner, order, days);
}

// HH:MM[:SS[.ffffff]] [AM|PM]
bool scan_clock(TimeScanner& scanner, std::int64_t& micros) {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  std::int64_t fraction = 0;
  if (!scanner.take_number(1, 2, hour) || !scanner.take(':')) return false;
  if (!scanner.take_number(2, 2, minute)) return false;
  if (scanner.take(':')) {
    if (!scanner.take_number(2, 2, second)) return false;
    if ((scanner.take('.') || scanner.take(',')) && !scanner.take_fraction(fraction)) return false;
  }
  scanner.take(' ');
  const bool before_noon = scanner.take_word("am", 2);
  if (before_noon || scanner.take_word("pm", 2)) {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (before_noon ? 0 : 12);
    scanner.take(' ');
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  micros = hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  return true;
}

bool scan_time(const char* begin, const char* end, DateOrder order, bool allow_month,
               ScannedTime& time) {
  TimeScanner scanner(begin, end);
  std::int64_t days = 0;
  if (!scan_date(begin, end, order, allow_month, scanner, days)) return false;
  time.micros = days * kMicrosPerDay;
  if (scanner.done()) return true;
  if (!scanner.take('T') && !scanner.take(' ') && !scanner.take('t')) return false;
  std::int64_t clock = 0;
  if (!scan_clock(scanner, clock)) return false;
  time.micros += clock;
  time.has_clock = true;
  if (scanner.done()) return true;
  time.has_zone = true;
  return scanner.take_offset(time.offset) && scanner.done();
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  // Years begin in March here, so that the leap day is their last.
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

CivilDay civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_from_march = (5 * day_of_year + 2) / 153;
  CivilDay civil;
  civil.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  civil.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  civil.year = static_cast<std::int64_t>(year_of_era) + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

unsigned year_of_two_digits(unsigned year) {
  return year + (year < 69 ? 2000 : 1900);
}

unsigned last_day_of_month(std::int64_t year, unsigned month) {
  constexpr unsigned char kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool is_civil_day(unsigned year, unsigned month, unsigned day) {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
         day <= last_day_of_month(year, month);
}

// Where texts follow a pattern they are read by nothing else.
bool TimeParser::take_date(const char* begin) {
  TimeScanner scanner(begin, begin + 10);
  std::int64_t days = 0;
  if (pattern_ != nullptr || begin[4] != '-' || begin[7] != '-' ||
      !scan_year_first(scanner, false, false, days) || !scanner.done()) {
    return false;
  }
  last_date_[1] = 0;
  std::memcpy(&last_date_[0], begin, 8);
  std::memcpy(&last_date_[1], begin + 8, 2);
  last_date_micros_ = days * kMicrosPerDay;
  return true;
}

bool TimeParser::scan(const char* begin, const char* end, bool allow_month,
                      ScannedTime& time) const {
  if (pattern_ == nullptr) return scan_time(begin, end, order_, allow_month, time);
  if (pattern_->read(begin, end, time)) return true;
  // Never a second meaning for what the pattern might have meant.
  if (pattern_->is_year_day_month()) return false;
  time = {};
  return scan_time(begin, end, DateOrder::kIso, allow_month, time);
}

bool TimeParser::to_utc(const ScannedTime& time, std::int64_t& micros) {
  if (!time.zone_name.empty()) {
    return text_clock_.utc_of_named(time.micros, time.zone_name, micros);
  }
  micros = time.has_zone ? time.micros - time.offset : text_clock_.utc_of_local(time.micros);
  return true;
}

bool TimeParser::is_date_alone(const char* begin, const char* end) const {
  ScannedTime time;
  return scan(begin, end, false, time) && !time.has_clock;
}

ParseFault TimeParser::parse_other_timestamp(const char* begin, const char* end,
                                             std::int64_t& micros) {
  std::int64_t count = 0;
  // Where there is a pattern its digits are no count.
  if (pattern_ == nullptr && end - begin > 4 && parse_canonical_int64(begin, end, count)) {
    const std::int64_t size = count < 0 ? -(count + 1) : count;
    if (size >= 100'000'000'000'000) {
      micros = count;
    } else {
      micros = count * (size >= 100'000'000'000 ? 1000 : kMicrosPerSecond);
    }
    return ParseFault::kNone;
  }
  ScannedTime time;
  const bool is_time = scan(begin, end, false, time) && to_utc(time, micros);
  return is_time ? ParseFault::kNone : ParseFault::kNotTimestamp;
}

ParseFault TimeParser::parse_date(const char* begin, const char* end, bool allow_month,
                                  std::int64_t& days) {
  ScannedTime time;
  if (!scan(begin, end, allow_month, time)) return ParseFault::kNotDate;
  days = floor_day(time.micros);
  if (!time.has_clock || (!time.has_zone && text_clock_.is_same_zone(clock_))) {
    return ParseFault::kNone;
  }
  std::int64_t micros = 0;
  if (!to_utc(time, micros)) return ParseFault::kNotDate;
  days = floor_day(clock_.local_of_utc(micros));
  return ParseFault::kNone;
}

}  // namespace stave::loading
