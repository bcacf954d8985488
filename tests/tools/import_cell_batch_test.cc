// What is read many cells at once is what the parsers of single cells read, on every instruction
// set; and what is usual is read.
#include "tools/import/cell_batch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "storage/kernel_dispatch.h"
#include "tools/import/parse_number.h"
#include "tools/import/parse_time.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

using Read = std::function<void(CellBatch&, std::size_t)>;
using Parse = std::function<bool(const char* begin, const char* end, std::int64_t& value)>;

void fill(const std::vector<std::string>& texts, CellBatch& batch) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string padded = texts[i] + "," + std::string(kTextPadding, '7');
    std::memcpy(&batch.first[i], padded.data(), 8);
    std::memcpy(&batch.second[i], padded.data() + 8, 8);
    std::memcpy(&batch.clock[i], padded.data() + 11, 8);
    batch.sizes[i] = texts[i].size();
  }
}

// How many of the texts are read, all of them as `parse` reads them.
std::size_t check(const std::vector<std::string>& texts, const Read& read, const Parse& parse) {
  std::size_t least = texts.size();
  CellBatch batch;
  const std::int64_t targets = machine_targets();
  for (std::int64_t rest = targets; rest != 0; rest &= rest - 1) {
    use_kernel_targets(rest & -rest);
    std::size_t taken = 0;
    for (std::size_t begin = 0; begin < texts.size(); begin += CellBatch::kCells) {
      const std::size_t count = std::min(CellBatch::kCells, texts.size() - begin);
      const auto first = texts.begin() + static_cast<std::ptrdiff_t>(begin);
      fill({first, first + static_cast<std::ptrdiff_t>(count)}, batch);
      read(batch, count);
      std::size_t left = 0;
      batch.visit_unread(count, [&](std::size_t) { ++left; });
      EXPECT_EQ(batch.all_read(), left == 0);
      for (std::size_t i = 0; i < count; ++i) {
        if (batch.is_unread(i)) continue;
        ++taken;
        const std::string padded = texts[begin + i] + std::string(kTextPadding, '9');
        std::int64_t wanted = 0;
        EXPECT_TRUE(parse(padded.data(), padded.data() + texts[begin + i].size(), wanted))
            << texts[begin + i];
        EXPECT_EQ(batch.values[i], wanted) << texts[begin + i];
      }
    }
    least = std::min(least, taken);
  }
  use_kernel_targets(0);
  return least;
}

bool parse_integer(const char* begin, const char* end, std::int64_t& value) {
  return parse_int64(begin, end, value) == ParseFault::kNone;
}
Parse decimal_parser(int precision, int scale) {
  return [=](const char* begin, const char* end, std::int64_t& value) {
    return parse_decimal64(begin, end, precision, scale, value) == ParseFault::kNone;
  };
}
Parse time_parser(bool dates) {
  return [dates](const char* begin, const char* end, std::int64_t& value) {
    TimeParser parser(*ZoneClock::find("UTC"), DateOrder::kIso);
    return (dates ? parser.parse_date(begin, end, false, value)
                  : parser.parse_timestamp(begin, end, value)) == ParseFault::kNone;
  };
}

// Each text with one byte after another put in its place, and cut off at each end.
std::vector<std::string> with_dirt(const std::vector<std::string>& texts) {
  std::vector<std::string> all = texts;
  for (const std::string& text : texts) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        all.push_back(text);
        all.back()[at] = static_cast<char>(byte);
      }
      all.push_back(text.substr(at));
      all.push_back(text.substr(0, at));
    }
    all.push_back(text + "0");
    all.push_back("0" + text);
  }
  return all;
}

TEST(CellBatch, ReadsIntegersOfUpToEightDigits) {
  const std::vector<std::string> usual{"0",     "7",      "42",      "100",      "9999",
                                       "12345", "678901", "7654321", "99999999", "10000000"};
  const Read read = [](CellBatch& batch, std::size_t count) { read_integers(batch, count, false); };
  EXPECT_EQ(check(usual, read, parse_integer), usual.size());
  check(with_dirt(usual), read, parse_integer);
  EXPECT_EQ(check({"007", "00000000"}, read, parse_integer), 2U);
  EXPECT_EQ(check({"", "123456789", "-1", " 1", "1e3"}, read, parse_integer), 0U);
}

TEST(CellBatch, LeavesKeysThatWouldNotReadBackAsWritten) {
  const Read read = [](CellBatch& batch, std::size_t count) { read_integers(batch, count, true); };
  EXPECT_EQ(check({"1", "10", "90000000"}, read, parse_integer), 3U);
  EXPECT_EQ(check({"0", "01", "007", "00000001"}, read, parse_integer), 0U);
}

TEST(CellBatch, ReadsDecimalsOfUpToEightBytes) {
  const std::vector<std::string> usual{"0",    "7.46",   "100.00", "99.9", "12345",
                                       "0.01", "123.45", ".5",     "1.0",  "99999.99"};
  for (const auto& [precision, scale] : {std::pair{18, 2}, {9, 2}, {7, 2}, {5, 2}, {18, 7}}) {
    const Read read = [digits = precision, places = scale](CellBatch& batch, std::size_t count) {
      read_decimals(batch, count, digits, places);
    };
    const std::size_t read_usual = check(usual, read, decimal_parser(precision, scale));
    if (scale == 2 && precision >= 7) {
      EXPECT_EQ(read_usual, usual.size());
    }
    check(with_dirt(usual), read, decimal_parser(precision, scale));
  }
  const Read whole = [](CellBatch& batch, std::size_t count) { read_decimals(batch, count, 4, 0); };
  EXPECT_EQ(check({"1", "9999"}, whole, decimal_parser(4, 0)), 2U);
  EXPECT_EQ(check({"10000", "1.5", ".", "", "1.", "1.2.3"}, whole, decimal_parser(4, 0)), 0U);
}

TEST(CellBatch, ReadsEveryDayButLeapDays) {
  std::vector<std::string> days;
  for (unsigned year : {1U, 4U, 100U, 1583U, 1900U, 1969U, 1970U, 2000U, 2024U, 2025U, 9999U}) {
    for (unsigned month = 1; month <= 12; ++month) {
      for (unsigned day = 1; day <= (month == 2 ? 28U : last_day_of_month(year, month)); ++day) {
        char text[32];
        std::snprintf(text, sizeof(text), "%04u-%02u-%02u", year, month, day);
        days.emplace_back(text);
      }
    }
  }
  EXPECT_EQ(check(days, read_dates, time_parser(true)), days.size());
  check(with_dirt({"2025-05-01", "1999-12-31", "2024-02-28", "2023-06-30"}), read_dates,
        time_parser(true));
  EXPECT_EQ(check({"2025/05/01", "2025-5-01", "2025-00-10", "2025-13-01", "2025-04-31",
                   "2025-02-29", "0000-01-01"},
                  read_dates, time_parser(true)),
            0U);
}

TEST(CellBatch, ReadsMomentsToTheSecond) {
  std::mt19937 random(7);
  std::vector<std::string> moments{"1970-01-01 00:00:00", "1969-12-31 23:59:59",
                                   "0001-01-01 00:00:00", "9999-12-31 23:59:59"};
  for (int i = 0; i < 1000; ++i) {
    char text[40];
    std::snprintf(text, sizeof(text), "%04u-%02u-%02u%c%02u:%02u:%02u",
                  static_cast<unsigned>(1 + random() % 9999),
                  static_cast<unsigned>(1 + random() % 12),
                  static_cast<unsigned>(1 + random() % 28), random() % 2 == 0 ? ' ' : 'T',
                  static_cast<unsigned>(random() % 24), static_cast<unsigned>(random() % 60),
                  static_cast<unsigned>(random() % 60));
    moments.emplace_back(text);
  }
  EXPECT_EQ(check(moments, read_times, time_parser(false)), moments.size());
  check(with_dirt({"2025-05-01 23:59:59", "2025-05-01T00:00:00"}), read_times, time_parser(false));
  EXPECT_EQ(check({"2025-05-01 24:00:00", "2025-05-01 23:60:00", "2025-05-01 23:59:60",
                   "2025-05-01", "2025-05-01 23:59"},
                  read_times, time_parser(false)),
            0U);
}

}  // namespace
}  // namespace stave::loading
