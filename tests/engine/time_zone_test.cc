// Zones as the machine's data have them: which names are zones, and what clocks showed.
#include "engine/runtime/time_zone.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace stave::testing {
namespace {

std::shared_ptr<const TimeZone> zone_of(const std::string& name) {
  auto zone = TimeZone::find(name);
  EXPECT_TRUE(zone) << name;
  return zone ? *zone : *TimeZone::find("UTC");
}

std::int64_t at(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  return day_of({year, month, day}) * kMicrosecondsOfDay +
         (std::int64_t{hour} * 60 + minute) * 60 * kMicrosecondsOfSecond;
}

constexpr std::int64_t kHour = 3'600 * kMicrosecondsOfSecond;

TEST(TimeZone, IsFoundByNamesBelowTheZoneDataOnly) {
  for (const char* name : {"Europe/Berlin", "America/Argentina/Ushuaia", "GMT0", "UTC"}) {
    EXPECT_TRUE(TimeZone::find(name)) << name;
  }
  for (const char* name :
       {"", "Europe", "Europe/", "Europe//Berlin", "europe/berlin", "Europe/./Berlin",
        "../zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin", "file:Europe/Berlin",
        "libc:Europe/Berlin", "Fixed/UTC+01:00:00", "posix/Europe/Berlin", "posixrules",
        "right/Europe/Berlin", "right/UTC", "Factory", "zone.tab", "tzdata.zi", "localtime"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
  EXPECT_FALSE(TimeZone::find(std::string("Europe/Berlin\0", 14)));
}

TEST(TimeZone, ShowsHoursTwiceOrNeverWhenClocksAreChanged) {
  const auto berlin = zone_of("Europe/Berlin");
  const std::int64_t spring = at(2025, 3, 30, 1);
  EXPECT_EQ(berlin->offset_at(spring - 1), kHour);
  EXPECT_EQ(berlin->offset_at(spring), 2 * kHour);
  EXPECT_EQ(berlin->instant_of(at(2025, 3, 30, 2, 30)), spring);
  EXPECT_EQ(berlin->instant_of(at(2025, 3, 30, 3)), spring);
  const std::int64_t autumn = at(2025, 10, 26, 1);
  EXPECT_EQ(berlin->offset_at(autumn - 1), 2 * kHour);
  EXPECT_EQ(berlin->offset_at(autumn), kHour);
  EXPECT_EQ(berlin->instant_of(at(2025, 10, 26, 2, 30)), at(2025, 10, 26, 0, 30));
}

TEST(TimeZone, KnowsWhichOfTwoHoursByTheAbbreviation) {
  const auto berlin = zone_of("Europe/Berlin");
  const std::int64_t twice = at(2025, 10, 26, 2, 30) + 7;
  EXPECT_EQ(berlin->instant_of(twice, "CEST"), at(2025, 10, 26, 0, 30) + 7);
  EXPECT_EQ(berlin->instant_of(twice, "CET"), at(2025, 10, 26, 1, 30) + 7);
  EXPECT_EQ(berlin->instant_of(twice, "EST"), std::nullopt);
  const std::int64_t never = at(2025, 3, 30, 2, 30);
  EXPECT_EQ(berlin->instant_of(never, "CET"), at(2025, 3, 30, 1, 30));
  EXPECT_EQ(berlin->instant_of(never, "CEST"), at(2025, 3, 30, 0, 30));
  EXPECT_EQ(berlin->instant_of(at(2025, 7, 1, 12), "CET"), std::nullopt);
  EXPECT_EQ(zone_of("UTC")->instant_of(twice, "UTC"), twice);
  EXPECT_EQ(zone_of("UTC")->instant_of(twice, "CET"), std::nullopt);
}

TEST(TimeZone, GoesOnByItsRuleWhereTheListOfChangesEnds) {
  const auto berlin = zone_of("Europe/Berlin");
  EXPECT_EQ(berlin->offset_at(at(2061, 7, 1, 12)), 2 * kHour);
  EXPECT_EQ(berlin->offset_at(at(2061, 12, 1, 12)), kHour);
  EXPECT_EQ(berlin->offset_at(std::numeric_limits<std::int64_t>::max()), kHour);
  EXPECT_EQ(zone_of("Asia/Tokyo")->offset_at(at(2061, 7, 1, 12)), 9 * kHour);
}

TEST(TimeZone, HasLocalMeanTimeBeforeItsFirstChange) {
  EXPECT_EQ(zone_of("Europe/Berlin")->offset_at(at(1800, 1, 1, 0)),
            (53 * 60 + 28) * kMicrosecondsOfSecond);
}

}  // namespace
}  // namespace stave::testing
