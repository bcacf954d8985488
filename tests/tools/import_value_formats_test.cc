// How a user says that values are spelt: patterns and orders of dates, zones, words for null, marks
// in numbers.
#include <fmt/format.h>
#include <rapidcheck.h>

#include "tests/tools/support/import_fixture.h"
#include "tools/import/number_marks.h"
#include "tools/import/time_pattern.h"
#include "tools/import/value_parser.h"

namespace stave::testing {
namespace {

using loading::NumberMarks;
using loading::ParseFault;
using loading::TimePattern;
using loading::ValueParser;

constexpr std::int64_t kSecond = 1'000'000;

ValueFormat spelt(const std::string& date_format, const std::string& zone = "") {
  ValueFormat format;
  format.date_format = date_format;
  format.time_zone = zone;
  return format;
}

// Microseconds as text of UTC, or "no".
std::string read_time(const ValueFormat& format, const std::string& text,
                      const std::string& store_zone = "UTC") {
  Result<ValueParser> parser = ValueParser::find(format, store_zone);
  EXPECT_TRUE(parser) << (parser ? "" : parser.error().message);
  const std::string padded = text + std::string(64, '\0');
  std::int64_t micros = 0;
  if (parser->times.parse_timestamp(padded.data(), padded.data() + text.size(), micros) !=
      ParseFault::kNone) {
    return "no";
  }
  const std::int64_t day = loading::floor_day(micros);
  const loading::CivilDay civil = loading::civil_from_days(day);
  const std::int64_t rest = micros - day * loading::kMicrosPerDay;
  const std::int64_t seconds = rest / kSecond;
  const std::string fraction = rest % kSecond == 0 ? "" : fmt::format(".{:06}", rest % kSecond);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{}", civil.year, civil.month, civil.day,
                     seconds / 3600, seconds / 60 % 60, seconds % 60, fraction);
}

std::string plain(char thousands, char mark, const std::string& text) {
  Result<NumberMarks> marks = NumberMarks::find(thousands, mark);
  EXPECT_TRUE(marks);
  return std::string(marks->plain(text));
}

TEST(ImportValueFormats, OrdersOfDates) {
  EXPECT_EQ(read_time(spelt("mdy"), "5/31/2025"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("mdy"), "5-31-25 2:05 PM"), "2025-05-31 14:05:00");
  EXPECT_EQ(read_time(spelt("dmy"), "31.5.1969"), "1969-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("dmy"), "31.5.69 10:00:01"), "1969-05-31 10:00:01");
  EXPECT_EQ(read_time(spelt("dmy"), "2025-05-31"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("ymd"), "2025.05.31 10:00"), "2025-05-31 10:00:00");
  EXPECT_EQ(read_time(spelt("ymd"), "2025/5/31"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("dmy"), "5/31/2025"), "no");
  EXPECT_EQ(read_time(spelt("mdy"), "31/5/2025"), "no");
  EXPECT_EQ(read_time(spelt("mdy"), "5/31/202"), "no");
  EXPECT_EQ(read_time(spelt("mdy"), "5/31-2025"), "no");
  EXPECT_EQ(read_time(spelt(""), "2025.05.31"), "no");
}

TEST(ImportValueFormats, Patterns) {
  EXPECT_EQ(read_time(spelt("%d.%m.%Y %H:%M"), "31.5.2025 7:03"), "2025-05-31 07:03:00");
  EXPECT_EQ(read_time(spelt("%d.%m.%Y %H:%M"), "31.5.2025"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("%d.%m.%Y %H:%M"), "31.5.2025   7:03"), "2025-05-31 07:03:00");
  EXPECT_EQ(read_time(spelt("%Y%m%d"), "20250531"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("%Y%m%dT%H%M%S%f"), "20250531T0703120045"),
            "2025-05-31 07:03:12.004500");
  EXPECT_EQ(read_time(spelt("%b %d, %Y %I:%M %p"), "may 31, 2025 12:03 am"), "2025-05-31 00:03:00");
  EXPECT_EQ(read_time(spelt("%d %B %y"), "1 september 68"), "2068-09-01 00:00:00");
  EXPECT_EQ(read_time(spelt("%d %b %y"), "1 September 70"), "1970-09-01 00:00:00");
  EXPECT_EQ(read_time(spelt("%d/%b/%Y:%H:%M:%S %z"), "31/May/2025:07:03:12 -0230"),
            "2025-05-31 09:33:12");
  EXPECT_EQ(read_time(spelt("%H:%M on %d/%m/%Y"), "07:03 on 31/05/2025"), "2025-05-31 07:03:00");
  EXPECT_EQ(read_time(spelt("100%% %Y-%m-%d"), "100% 2025-05-31"), "2025-05-31 00:00:00");
  EXPECT_EQ(read_time(spelt("%b %Y"), "May 2025"), "2025-05-01 00:00:00");
}

TEST(ImportValueFormats, WhatDoesNotFitAPattern) {
  const ValueFormat german = spelt("%d.%m.%Y %H:%M");
  for (const char* text : {"31.5.2025 ", "31.5.2025 7", "31.5.2025 7:03:00", "31.6.2025 7:03",
                           "31.5.2025 24:00", "x31.5.2025", "", "20250531", "1748649600"}) {
    EXPECT_EQ(read_time(german, text), "no") << text;
  }
  EXPECT_EQ(read_time(german, "2025-05-31 07:03:04"), "2025-05-31 07:03:04");
  EXPECT_EQ(read_time(spelt("%Y-%d-%m"), "2025-12-05"), "2025-05-12 00:00:00");
  EXPECT_EQ(read_time(spelt("%Y-%d-%m"), "2025-05-31"), "no");
  EXPECT_EQ(read_time(spelt("%I:%M %p %d/%m/%Y"), "13:00 PM 01/01/2025"), "no");
}

// The parts of patterns in any order, with what stands between them.
TEST(ImportValueFormats, WhatAPatternWritesItReads) {
  rc::check("a time from its text", [] {
    const std::int64_t seconds = *rc::gen::inRange<std::int64_t>(-86'400'000'000, 250'000'000'000);
    const std::int64_t day = loading::floor_day(seconds * kSecond);
    const std::int64_t clock = seconds - day * 86'400;
    const loading::CivilDay civil = loading::civil_from_days(day);
    RC_PRE(civil.year >= 1 && civil.year <= 9999);
    const bool halves = *rc::gen::arbitrary<bool>();
    const std::int64_t hour = clock / 3600;
    std::vector<std::pair<std::string, std::string>> parts = {
        {"%Y", fmt::format("{:04}", civil.year)},
        {"%m", fmt::format("{:02}", civil.month)},
        {"%d", fmt::format("{:02}", civil.day)},
        {halves ? "%I%p" : "%H",
         halves ? fmt::format("{:02}{}", (hour + 11) % 12 + 1, hour < 12 ? "AM" : "pm")
                : fmt::format("{:02}", hour)},
        {"%M", fmt::format("{:02}", clock / 60 % 60)},
        {"%S", fmt::format("{:02}", clock % 60)},
        {"%z", "+0000"}};
    std::string pattern;
    std::string text;
    while (!parts.empty()) {
      const auto at = *rc::gen::inRange<std::size_t>(0, parts.size());
      const std::string between = *rc::gen::element<std::string>("", " ", "/", "T", "at ", ":");
      pattern += parts[at].first + between;
      text += parts[at].second + between;
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const std::string padded = text + std::string(64, '\0');
    Result<ValueParser> parser = ValueParser::find(spelt(pattern), "Asia/Tokyo");
    RC_ASSERT(parser.has_value());
    std::int64_t micros = 0;
    RC_LOG() << pattern << " " << text;
    RC_ASSERT(parser->times.parse_timestamp(padded.data(), padded.data() + text.size(), micros) ==
              ParseFault::kNone);
    RC_ASSERT(micros == seconds * kSecond);
  });
}

TEST(ImportValueFormats, AnyTextIsReadOrRefused) {
  rc::check("no text is read beyond its end", [] {
    const auto text_of = [](const char* letters) {
      return *rc::gen::container<std::string>(rc::gen::elementOf(std::string(letters)));
    };
    const std::string pattern = text_of("%%%%%YymbBdHIMSfpzZ -/:.");
    const std::string text = text_of("0123456789-+:/. ,TZapmMyjunecst\xC3");
    Result<ValueParser> parser = ValueParser::find(spelt(pattern), "Europe/Berlin");
    if (!parser) return;
    // At the very end of its memory, where a sanitizer would see a byte too many.
    const std::vector<char> exact(text.begin(), text.end());
    loading::ScannedTime time;
    Result<TimePattern> compiled = TimePattern::compile(pattern.empty() ? "%Y%m" : pattern);
    if (!compiled) return;
    if (compiled->read(exact.data(), exact.data() + exact.size(), time)) {
      RC_ASSERT(time.micros >= -loading::kMicrosPerDay * 800'000);
    }
  });
}

TEST(ImportValueFormats, GroupedNumbersAreReadBack) {
  rc::check("a number with separators", [](std::int64_t value) {
    std::string grouped;
    const std::string digits = std::to_string(value);
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const bool between = i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0;
      if (between) grouped += '\'';
      grouped += digits[i];
    }
    RC_ASSERT(plain('\'', '.', grouped) == digits);
  });
}

TEST(ImportValueFormats, PatternsThatSayTooLittleOrTooMuch) {
  for (const char* text :
       {"%d.%m", "%Y", "%Y-%m-%d %M", "%Y %y %m", "%Y-%m-%d %I:%M", "%Y-%m-%d %H:%M %p", "%Y-%m-%b",
        "%Y-%m-%d %q", "%Y-%m-%d %", "iso", "%Y-%m-%d %H %z %Z", "%Y-%m-%d %d"}) {
    const Result<TimePattern> pattern = TimePattern::compile(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(ImportValueFormats, ZonesOfTexts) {
  const ValueFormat berlin = spelt("", "Europe/Berlin");
  EXPECT_EQ(read_time(berlin, "2025-07-01 12:00:00"), "2025-07-01 10:00:00");
  EXPECT_EQ(read_time(berlin, "2025-01-01 12:00:00"), "2025-01-01 11:00:00");
  EXPECT_EQ(read_time(berlin, "2025-07-01"), "2025-06-30 22:00:00");
  EXPECT_EQ(read_time(berlin, "2025-07-01 12:00:00Z"), "2025-07-01 12:00:00");
  EXPECT_EQ(read_time(berlin, "2025-07-01 12:00:00", "Asia/Tokyo"), "2025-07-01 10:00:00");
  // Twice and never.
  EXPECT_EQ(read_time(berlin, "2025-10-26 02:30:00"), "2025-10-26 00:30:00");
  EXPECT_EQ(read_time(berlin, "2025-03-30 02:30:00"), "2025-03-30 01:00:00");
  const Result<ValueParser> unknown = ValueParser::find(spelt("", "Mars/Olympus"), "UTC");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
}

TEST(ImportValueFormats, AbbreviationsOfZones) {
  const ValueFormat named = spelt("%Y-%m-%d %H:%M %Z", "Europe/Berlin");
  EXPECT_EQ(read_time(named, "2025-10-26 02:30 CEST"), "2025-10-26 00:30:00");
  EXPECT_EQ(read_time(named, "2025-10-26 02:30 CET"), "2025-10-26 01:30:00");
  EXPECT_EQ(read_time(named, "2025-10-26 02:30 UTC"), "2025-10-26 02:30:00");
  EXPECT_EQ(read_time(named, "2025-07-01 02:30 CET"), "no");
  EXPECT_EQ(read_time(named, "2025-07-01 02:30 PST"), "no");
}

TEST(ImportValueFormats, MarksInNumbers) {
  EXPECT_EQ(plain(',', '.', "1,234,567.50"), "1234567.50");
  EXPECT_EQ(plain('.', ',', "-1.234,5"), "-1234.5");
  EXPECT_EQ(plain(',', '.', "12,34,567"), "1234567");
  EXPECT_EQ(plain(' ', ',', "+1 234"), "+1234");
  EXPECT_EQ(plain('\0', ',', "1,5e-3"), "1.5e-3");
  EXPECT_EQ(plain(',', '.', "1234567"), "1234567");
  for (const char* text : {"1,5", "1,2345", ",123", "1,,234", "12345,678", "1,234,", "x"}) {
    EXPECT_EQ(plain(',', '.', text), "") << text;
  }
  EXPECT_EQ(plain('.', ',', "1.5"), "");
  EXPECT_EQ(plain('\0', ',', "1.5"), "");
  EXPECT_EQ(plain('.', ',', "1,234.5"), "");
  EXPECT_FALSE(NumberMarks::find('.', '.'));
  EXPECT_FALSE(NumberMarks::find('1', '.'));
  EXPECT_FALSE(NumberMarks::find('\0', 'e'));
}

class ImportSpelling : public ImportTest {};

TEST_F(ImportSpelling, NumbersOfAnotherCountry) {
  options.values.thousands_separator = '.';
  options.values.decimal_mark = ',';
  options.create = NewTable{};
  options.max_rejects = 1;
  const ImportSummary summary = import_well("sales",
                                            "n,price,ratio,mixed,word\n"
                                            "1.234,\"1.234,50\",\"0,5e-9\",1.5,\"1,5\"\n"
                                            "7,\"-0,25\",\"1\",2,x\n");
  EXPECT_EQ(summary.rejected, 0U);
  EXPECT_EQ(rows("sales", {"n", "price", "ratio", "mixed", "word"}),
            (std::vector<Row>{{"1234", "1234.50", "5e-10", "1.5", "1,5"},
                              {"7", "-0.25", "1", "2", "x"}}));
  options.create.reset();
  import_well("subscriptions", "subscription_id,price_paid\n1.000,\"1.299,90\"\n");
  EXPECT_EQ(rows("subscriptions", {"subscription_id", "price_paid"}),
            (std::vector<Row>{{"1.000", "1299.90"}}));
  const ImportSummary refused =
      import_well("subscriptions", "subscription_id,price_paid\n2,9.99\n");
  EXPECT_EQ(refused.rejected, 1U);
}

TEST_F(ImportSpelling, WordsForNull) {
  options.values.null_spellings = {"NULL", "\\N", "-1"};
  options.max_rejects = 1;
  import_well("users",
              "user_id,age,country,display_name,signup_date\n"
              "1,-1,NULL,\"NULL\",NULL\n"
              "2,5,\\N,null,2025-05-01\n");
  EXPECT_EQ(
      rows("users", {"user_id", "age", "country", "display_name", "signup_date"}),
      (std::vector<Row>{{"1", "~", "~", "NULL", "~"}, {"2", "5", "~", "null", "2025-05-01"}}));
  EXPECT_EQ(import_well("users", "user_id,age\nNULL,5\n").rejected, 1U);
}

TEST_F(ImportSpelling, ColumnsThatAreNewTakeTheSameSpelling) {
  options.values = spelt("%d.%m.%Y %H.%M", "Europe/Berlin");
  options.values.null_spellings = {"n/a"};
  options.create = NewTable{{}, "at"};
  import_well("log", "at,day,n\n31.05.2025 23.30,31.05.2025,n/a\n01.06.2025 01.00,n/a,3\n");
  EXPECT_EQ(rows("log", {"at", "day", "n"}),
            (std::vector<Row>{{"2025-05-31 21:30:00", "2025-05-31", "~"},
                              {"2025-05-31 23:00:00", "~", "3"}}));
  options.values = spelt("%Y%m%d");
  import_well("days", "at,n\n20250531,20250531\n20250601,3\n");
  EXPECT_EQ(rows("days", {"at", "n"}),
            (std::vector<Row>{{"2025-05-31", "20250531"}, {"2025-06-01", "3"}}));
}

TEST_F(ImportSpelling, ADateColumnTakesTheDayOfTheStoresZone) {
  make_store("", "Asia/Tokyo");
  options.values = spelt("", "America/New_York");
  import_well("users", "user_id,signup_date\n1,2025-05-01 20:00:00\n2,2025-05-01\n");
  EXPECT_EQ(rows("users", {"signup_date"}), (std::vector<Row>{{"2025-05-02"}, {"2025-05-01"}}));
}

TEST_F(ImportSpelling, WhatIsSaidWronglyIsRefusedBeforeAnythingIsRead) {
  options.values.date_format = "%q";
  EXPECT_EQ(import("users", "user_id\n1\n").error().code, ErrorCode::kInvalidArgument);
  options.values = {};
  options.values.decimal_mark = '7';
  EXPECT_EQ(import("users", "user_id\n1\n").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace stave::testing
