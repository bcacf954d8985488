// The options are checked before anything is drawn.
#include <fmt/format.h>

#include <array>
#include <new>

#include "tools/generate/calendar.h"
#include "tools/generate/tables.h"

namespace stave::generator {
namespace {

constexpr std::uint64_t kMostKeys = 1'000'000'000;
constexpr std::uint64_t kMostStreams = 1'000'000'000'000;
constexpr std::uint64_t kMostDays = 36'500;

constexpr std::array<Table, 11> kTables{{
    {"artists", artists_dump},
    {"tracks", tracks_dump},
    {"users", users_dump},
    {"subscriptions", subscriptions_dump},
    {"royalty_rates", royalty_rates_dump},
    {"pools", pools_dump},
    {"rightsholders", rightsholders_dump},
    {"splits", splits_dump},
    {"campaigns", campaigns_dump},
    {"sessions", sessions_dump},
    {"streams", streams_dump},
}};

Result<void> check_range(const char* what, std::uint64_t value, std::uint64_t low,
                         std::uint64_t high) {
  if (value < low || value > high) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The number of {} is out of range: {}. Choose from {} to {}.", what,
                            value, low, high));
  }
  return {};
}

Result<std::int64_t> checked_first_day(const GenerateOptions& options) {
  for (const auto& checked : {check_range("streams", options.streams, 0, kMostStreams),
                              check_range("tracks", options.tracks, 1, kMostKeys),
                              check_range("users", options.users, 1, kMostKeys),
                              check_range("days", options.days, 1, kMostDays)}) {
    if (!checked) {
      return pass(checked);
    }
  }
  const auto day = day_from_text(options.first_day);
  if (!day || *day < 0 || options.first_day > "2899-12-31") {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The first day is not a date from 1970 to 2899: \"{}\". Write it like "
                            "2025-05-01.",
                            options.first_day));
  }
  return *day;
}

}  // namespace

std::span<const Table> all_tables() {
  return kTables;
}

Result<World> draw_world(const GenerateOptions& options) {
  const auto first_day = checked_first_day(options);
  if (!first_day) return pass(first_day);
  try {
    return World{make_catalogue(options.seed, static_cast<std::uint32_t>(options.tracks),
                                static_cast<std::uint32_t>(options.users)),
                 options.streams, *first_day, static_cast<std::int64_t>(options.days)};
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kIo,
                "Out of memory while drawing the catalogue. Ask for fewer tracks or users.");
  }
}

}  // namespace stave::generator
