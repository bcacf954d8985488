// Numbers and times from text: exact, in every form that docs/import.md lists, and nothing else.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "tools/import/parse_number.h"
#include "tools/import/parse_time.h"
#include "tools/import/structure.h"
#include "tools/import/type_guess.h"

namespace stave::loading {
namespace {

// A text with the padding that parsers need.
class Padded {
 public:
  explicit Padded(const std::string& text)
      : size_(text.size()), bytes_(text + std::string(kTextPadding, '9')) {}
  const char* begin() const { return bytes_.data(); }
  const char* end() const { return bytes_.data() + size_; }

 private:
  std::size_t size_;
  std::string bytes_;
};

std::string int64_of(const std::string& text) {
  const Padded padded(text);
  std::int64_t value = 0;
  const ParseFault fault = parse_int64(padded.begin(), padded.end(), value);
  return fault == ParseFault::kNone ? std::to_string(value) : "-";
}

std::string decimal_of(const std::string& text, int precision, int scale) {
  const Padded padded(text);
  std::int64_t value = 0;
  const ParseFault fault = parse_decimal64(padded.begin(), padded.end(), precision, scale, value);
  if (fault == ParseFault::kTooManyDigits) return "digits";
  if (fault == ParseFault::kTooManyFractionDigits) return "fraction";
  return fault == ParseFault::kNone ? std::to_string(value) : "-";
}

TimeParser parser_in(const std::string& zone, DateOrder order = DateOrder::kYearFirst) {
  return TimeParser(*ZoneClock::find(zone), order);
}

std::int64_t timestamp_of(TimeParser parser, const std::string& text) {
  const Padded padded(text);
  std::int64_t value = 0;
  const ParseFault fault = parser.parse_timestamp(padded.begin(), padded.end(), value);
  return fault == ParseFault::kNone ? value : -1;
}

std::int64_t date_of(TimeParser parser, const std::string& text, bool allow_month = false) {
  const Padded padded(text);
  std::int64_t value = 0;
  const ParseFault fault = parser.parse_date(padded.begin(), padded.end(), allow_month, value);
  return fault == ParseFault::kNone ? value : -1;
}

constexpr std::int64_t kNoon = 1'719'316'800'000'000;  // 2024-06-25 12:00 UTC

TEST(ImportNumbers, IntegersAreReadWhole) {
  EXPECT_EQ(int64_of("0"), "0");
  EXPECT_EQ(int64_of("-7"), "-7");
  EXPECT_EQ(int64_of("+12345678"), "12345678");
  EXPECT_EQ(int64_of("123456789"), "123456789");
  EXPECT_EQ(int64_of("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(int64_of("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(int64_of("9223372036854775808"), "-");
  EXPECT_EQ(int64_of("007"), "7");
  EXPECT_EQ(int64_of("3.0"), "3");
  EXPECT_EQ(int64_of("1e3"), "1000");
  EXPECT_EQ(int64_of("3.5"), "-");
  EXPECT_EQ(int64_of(""), "-");
  EXPECT_EQ(int64_of("-"), "-");
  EXPECT_EQ(int64_of("12a"), "-");
  EXPECT_EQ(int64_of("1 2"), "-");
  EXPECT_EQ(int64_of("1/2"), "-");
  EXPECT_EQ(int64_of("1:2"), "-");
}

TEST(ImportNumbers, EveryIntegerReadsBack) {
  rc::check("i64 from its text", [](std::int64_t value) {
    const Padded padded(std::to_string(value));
    std::int64_t read = 0;
    RC_ASSERT(parse_int64(padded.begin(), padded.end(), read) == ParseFault::kNone);
    RC_ASSERT(read == value);
    RC_ASSERT(parse_canonical_int64(padded.begin(), padded.end(), read));
    RC_ASSERT(read == value);
  });
  rc::check("a canonical integer is written as it was read", [] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::element('0', '1', '9', '-', '+', '.', ' '));
    const Padded padded(text);
    std::int64_t read = 0;
    if (parse_canonical_int64(padded.begin(), padded.end(), read)) {
      RC_ASSERT(std::to_string(read) == text);
    }
  });
}

TEST(ImportNumbers, DecimalsAreExactOrRejected) {
  EXPECT_EQ(decimal_of("98.5", 5, 2), "9850");
  EXPECT_EQ(decimal_of("100", 5, 2), "10000");
  EXPECT_EQ(decimal_of("-0.01", 5, 2), "-1");
  EXPECT_EQ(decimal_of(".5", 5, 2), "50");
  EXPECT_EQ(decimal_of("5.", 5, 2), "500");
  EXPECT_EQ(decimal_of("1.2300", 5, 2), "123");
  EXPECT_EQ(decimal_of("1.234", 5, 2), "fraction");
  EXPECT_EQ(decimal_of("1000.00", 5, 2), "digits");
  EXPECT_EQ(decimal_of("999.99", 5, 2), "99999");
  EXPECT_EQ(decimal_of("000999.99", 5, 2), "99999");
  EXPECT_EQ(decimal_of("4e-05", 18, 8), "4000");
  EXPECT_EQ(decimal_of("12e-1", 18, 2), "120");
  EXPECT_EQ(decimal_of("1200e-4", 18, 1), "fraction");
  EXPECT_EQ(decimal_of("1.5E2", 18, 2), "15000");
  EXPECT_EQ(decimal_of("1e99", 18, 2), "digits");
  EXPECT_EQ(decimal_of("999999999999999999", 18, 0), "999999999999999999");
  EXPECT_EQ(decimal_of("9999999999999999999", 18, 0), "digits");
  EXPECT_EQ(decimal_of("1.2.3", 5, 2), "-");
  EXPECT_EQ(decimal_of(".", 5, 2), "-");
  EXPECT_EQ(decimal_of("1,5", 5, 2), "-");
}

TEST(ImportNumbers, TruthValues) {
  for (const char* text : {"true", "True", "TRUE", "t", "yes", "Y", "1"}) {
    const Padded padded(text);
    bool value = false;
    EXPECT_EQ(parse_bool(padded.begin(), padded.end(), value), ParseFault::kNone) << text;
    EXPECT_TRUE(value) << text;
  }
  for (const char* text : {"false", "False", "f", "NO", "n", "0"}) {
    const Padded padded(text);
    bool value = true;
    EXPECT_EQ(parse_bool(padded.begin(), padded.end(), value), ParseFault::kNone) << text;
    EXPECT_FALSE(value) << text;
  }
  for (const char* text : {"2", "truth", "falsee", "", "on"}) {
    const Padded padded(text);
    bool value = true;
    EXPECT_EQ(parse_bool(padded.begin(), padded.end(), value), ParseFault::kNotBool) << text;
  }
}

TEST(ImportTimes, EveryFormOfOneMoment) {
  const TimeParser utc = parser_in("UTC");
  for (const char* text :
       {"2024-06-25 12:00:00", "2024-06-25T12:00:00", "2024-06-25T12:00:00Z", "2024-06-25 12:00",
        "2024-06-25 12:00:00.000", "2024-06-25T14:00:00+02:00", "2024-06-25T14:00:00+0200",
        "2024-06-25 05:30:00-06:30", "2024-06-25 12:00:00 UTC", "2024/06/25 12:00:00", "1719316800",
        "1719316800000", "2024-06-25 12:00:00 PM", "2024-6-25 12:00:00"}) {
    EXPECT_EQ(timestamp_of(utc, text), kNoon) << text;
  }
  EXPECT_EQ(timestamp_of(utc, "2024-06-25"), kNoon - kMicrosPerDay / 2);
  EXPECT_EQ(timestamp_of(utc, "2024-06-25 12:00:00.5"), kNoon + 500'000);
  EXPECT_EQ(timestamp_of(utc, "2024-06-25 12:00:00.123456789"), kNoon + 123'456);
  EXPECT_EQ(timestamp_of(utc, "1969-12-31 23:59:59"), -kMicrosPerSecond);
}

TEST(ImportTimes, WhatIsNone) {
  const TimeParser utc = parser_in("UTC");
  for (const char* text :
       {"2024-13-01 00:00:00", "2024-02-30 00:00:00", "2024-06-25 24:00:00", "2024-06-25 12:60:00",
        "2024-06-25 12:00:60", "2024-06-25 1a:00:00", "2024-06-25 12:00:0:", "06/25/2024 12:00:00",
        "2024-06-25x12:00:00", "2024-06-25 12:00:00 +", "yesterday", "12:00:00", "2024-06-25 ",
        "2024-06-25 12", "2023-02-29", "2024-06-25 12:00:00.", "2024-06-25 12;00:00"}) {
    EXPECT_EQ(timestamp_of(utc, text), -1) << text;
  }
}

TEST(ImportTimes, OtherOrdersAndTwelveHours) {
  const TimeParser month_first = parser_in("UTC", DateOrder::kMonthFirst);
  const TimeParser day_first = parser_in("UTC", DateOrder::kDayFirst);
  EXPECT_EQ(timestamp_of(month_first, "6/25/2024 12:00:00 PM"), kNoon);
  EXPECT_EQ(timestamp_of(month_first, "06/25/2024 12:00 pm"), kNoon);
  EXPECT_EQ(timestamp_of(day_first, "25/6/2024 12:00:00"), kNoon);
  EXPECT_EQ(timestamp_of(day_first, "25.06.2024 12:00:00"), kNoon);
  EXPECT_EQ(timestamp_of(month_first, "2024-06-25 12:00:00"), kNoon);
  EXPECT_EQ(timestamp_of(month_first, "6/25/2024 12:30:00 AM"),
            kNoon - kMicrosPerDay / 2 + 30 * 60 * kMicrosPerSecond);
  EXPECT_EQ(timestamp_of(month_first, "6/25/2024 13:00:00 PM"), -1);
  EXPECT_EQ(timestamp_of(month_first, "25/6/2024"), -1);
}

TEST(ImportTimes, DatesTakeTheLocalDay) {
  const TimeParser utc = parser_in("UTC");
  EXPECT_EQ(date_of(utc, "1970-01-02"), 1);
  EXPECT_EQ(date_of(utc, "2024-02-29"), 19'782);
  EXPECT_EQ(date_of(utc, "1970-01-02 23:59:59"), 1);
  EXPECT_EQ(date_of(utc, "2024-02", true), 19'754);
  EXPECT_EQ(date_of(utc, "2024-02"), -1);
  EXPECT_EQ(date_of(parser_in("Asia/Tokyo"), "1970-01-02T20:00:00Z"), 2);
}

TEST(ImportTimes, LocalTimesFollowTheZone) {
  const TimeParser berlin = parser_in("Europe/Berlin");
  EXPECT_EQ(timestamp_of(berlin, "2024-06-25 14:00:00"), kNoon);
  EXPECT_EQ(timestamp_of(berlin, "2024-06-25 12:00:00Z"), kNoon);
  // 02:30 never was on that day: it means the moment of the change, 01:00 UTC.
  EXPECT_EQ(timestamp_of(berlin, "2024-03-31 02:30:00"),
            timestamp_of(berlin, "2024-03-31T01:00:00Z"));
  // 02:30 was twice: the first is meant.
  EXPECT_EQ(timestamp_of(berlin, "2024-10-27 02:30:00"),
            timestamp_of(berlin, "2024-10-27T00:30:00Z"));
  EXPECT_EQ(timestamp_of(berlin, "2024-10-27 03:30:00"),
            timestamp_of(berlin, "2024-10-27T02:30:00Z"));
}

TEST(ImportTimes, ClockRemembersAcrossChanges) {
  ZoneClock clock = *ZoneClock::find("America/New_York");
  ZoneClock fresh = clock;
  rc::check("a used clock answers as a fresh one", [&] {
    const std::int64_t utc = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000) * kMicrosPerSecond;
    ZoneClock once = fresh;
    const std::int64_t local = once.local_of_utc(utc);
    RC_ASSERT(clock.local_of_utc(utc) == local);
    ZoneClock again = fresh;
    RC_ASSERT(clock.utc_of_local(local) == again.utc_of_local(local));
  });
}

// UTC is known without the machine's zone data; Etc/UCT is the same zone, from them.
TEST(ImportTimes, UtcNeedsNoZoneData) {
  const Result<ZoneClock> known = ZoneClock::find("UTC");
  const Result<ZoneClock> found = ZoneClock::find("Etc/UCT");
  ASSERT_TRUE(known && found);
  constexpr std::int64_t kFar = 900'000'000'000;  // the year 30,489
  for (const std::int64_t seconds : {-kFar, -1L, 0L, 1'700'000'000L, kFar}) {
    const std::int64_t time = seconds * kMicrosPerSecond;
    ZoneClock mine = *known;
    ZoneClock other = *found;
    EXPECT_EQ(mine.local_of_utc(time), other.local_of_utc(time));
    EXPECT_EQ(mine.is_steady(time, time + 1), other.is_steady(time, time + 1));
    mine = *known;
    other = *found;
    EXPECT_EQ(mine.utc_of_local(time), other.utc_of_local(time));
    std::int64_t named = 1;
    EXPECT_TRUE(mine.utc_of_named(time, "UTC", named));
    EXPECT_EQ(named, time);
    EXPECT_FALSE(mine.utc_of_named(time, "CEST", named));
  }
}

TEST(ImportTimes, DaysOfTheCalendarComeBack) {
  for (std::int64_t days = -800'000; days < 3'000'000; days += 13) {
    const CivilDay civil = civil_from_days(days);
    ASSERT_EQ(days_from_civil(civil.year, civil.month, civil.day), days);
  }
}

std::string guess(const std::vector<std::string>& texts) {
  ValueParser values = parser_in("UTC");
  TypeGuess guess;
  for (const std::string& text : texts) {
    const Padded padded(text);
    guess.observe({padded.begin(), text.size()}, values);
  }
  return to_string(guess.type());
}

TEST(ImportTypes, TheFirstTypeThatHoldsAllValues) {
  EXPECT_EQ(guess({"1", "-2", ""}), "i64");
  EXPECT_EQ(guess({"1", "2.50"}), "decimal(3,2)");
  EXPECT_EQ(guess({"1", "1e-05"}), "f64");
  EXPECT_EQ(guess({"123456789012345678.5"}), "f64");
  EXPECT_EQ(guess({"007", "8"}), "string");
  EXPECT_EQ(guess({"true", "False"}), "bool");
  EXPECT_EQ(guess({"1", "0"}), "i64");
  EXPECT_EQ(guess({"2024-06-25"}), "date");
  EXPECT_EQ(guess({"2024-06-25", "2024-06-25 10:00:00"}), "timestamp");
  EXPECT_EQ(guess({"2024-06-25", "x"}), "string");
  EXPECT_EQ(guess({"1", "x"}), "string");
  EXPECT_EQ(guess({""}), "string");
}

}  // namespace
}  // namespace stave::loading
