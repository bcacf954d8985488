// `stave gen`: checks the options, draws the world once and writes its dumps one after another.
#include "stave/generate.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <new>
#include <thread>

#include "tools/generate/calendar.h"
#include "tools/generate/tables.h"

namespace stave {
namespace {

using generator::Dump;
using generator::World;

constexpr std::uint64_t kMostKeys = 1'000'000'000;
constexpr std::uint64_t kMostStreams = 1'000'000'000'000;
constexpr std::uint64_t kMostDays = 36'500;

struct Table {
  const char* name;
  Dump (*dump)(const World&);
};

constexpr std::array<Table, 11> kTables{{
    {"artists", generator::artists_dump},
    {"tracks", generator::tracks_dump},
    {"users", generator::users_dump},
    {"subscriptions", generator::subscriptions_dump},
    {"royalty_rates", generator::royalty_rates_dump},
    {"pools", generator::pools_dump},
    {"rightsholders", generator::rightsholders_dump},
    {"splits", generator::splits_dump},
    {"campaigns", generator::campaigns_dump},
    {"sessions", generator::sessions_dump},
    {"streams", generator::streams_dump},
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
  const auto day = generator::day_from_text(options.first_day);
  if (!day || *day < 0 || options.first_day > "2899-12-31") {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The first day is not a date from 1970 to 2899: \"{}\". Write it like "
                            "2025-05-01.",
                            options.first_day));
  }
  return *day;
}

Result<void> write_tables(const std::string& directory, const World& world,
                          const GenerateOptions& options) {
  std::array<Dump, kTables.size()> dumps;
  std::uint64_t blocks = 0;
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    dumps[i] = kTables[i].dump(world);
    dumps[i].path = fmt::format("{}/{}.csv", directory, kTables[i].name);
    blocks += dumps[i].blocks;
  }
  const int threads = options.threads > 0
                          ? options.threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::uint64_t done = 0;
  for (Dump& dump : dumps) {
    dump.on_block = [&] {
      ++done;
      if (options.on_progress) {
        options.on_progress(done * generator::kRowsPerBlock, blocks * generator::kRowsPerBlock);
      }
    };
    if (auto written = write_dump(dump, threads, options.cancelled); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

Result<void> generate(const std::string& directory, const GenerateOptions& options) {
  const auto first_day = checked_first_day(options);
  if (!first_day) {
    return pass(first_day);
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return fail(ErrorCode::kIo,
                fmt::format("Cannot make the folder: {} ({}).", directory, error.message()));
  }
  try {
    const World world{
        generator::make_catalogue(options.seed, static_cast<std::uint32_t>(options.tracks),
                                  static_cast<std::uint32_t>(options.users)),
        options.streams, *first_day, static_cast<std::int64_t>(options.days)};
    return write_tables(directory, world, options);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kIo,
                "Out of memory while drawing the catalogue. Ask for fewer tracks or users.");
  }
}

}  // namespace stave
