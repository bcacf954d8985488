// The generator gives the same bytes for any number of threads and on every machine, and dumps that
// agree with each other.
#include "stave/generate.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "stave/import.h"
#include "stave/store.h"
#include "tools/generate/calendar.h"
#include "tools/generate/timeline.h"
#include "tools/generate/weighted_choice.h"

namespace stave {
namespace {

namespace fs = std::filesystem;

class Generate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("stave-generate-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    options_.streams = 40'000;
    options_.tracks = 1'000;
    options_.users = 2'000;
    options_.days = 40;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // All dumps one after another, by name.
  std::string bytes() {
    const auto made = generate(folder_.string(), options_);
    EXPECT_TRUE(made) << made.error().message;
    std::set<fs::path> files(fs::directory_iterator(folder_), {});
    std::string all;
    for (const fs::path& file : files) {
      all += file.filename().string() + "\n" + content(file);
    }
    return all;
  }
  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Rows of a dump without quoted cells, header first.
  std::vector<std::vector<std::string>> rows(const std::string& table) const {
    std::istringstream text(content(folder_ / (table + ".csv")));
    std::vector<std::vector<std::string>> found;
    for (std::string line; std::getline(text, line);) {
      std::vector<std::string> cells;
      std::istringstream row(line + ",");
      for (std::string cell; std::getline(row, cell, ',');) {
        cells.push_back(cell);
      }
      found.push_back(cells);
    }
    return found;
  }

  fs::path folder_;
  GenerateOptions options_;
};

TEST_F(Generate, GivesTheSameBytesForAnyNumberOfThreads) {
  options_.threads = 1;
  const std::string one = bytes();
  for (const int threads : {2, 3, 8}) {
    options_.threads = threads;
    EXPECT_TRUE(bytes() == one) << threads << " threads";
  }
}

TEST_F(Generate, GivesTheBytesItAlwaysGave) {
  const std::string all = bytes();
  EXPECT_EQ(XXH3_64bits(all.data(), all.size()), 5219493590278946065U)
      << "The dumps changed: figures measured on them no longer compare.";
}

TEST_F(Generate, AnotherSeedGivesAnotherWorld) {
  const std::string one = bytes();
  options_.seed = 2;
  EXPECT_FALSE(bytes() == one);
}

TEST_F(Generate, PlaysNameKnownTracksAndUsersWithinTheDays) {
  ASSERT_TRUE(generate(folder_.string(), options_));
  std::set<std::string> tracks;
  std::istringstream text(content(folder_ / "tracks.csv"));
  for (std::string line; std::getline(text, line);) {
    tracks.insert(line.substr(0, line.find(',')));
  }
  EXPECT_EQ(tracks.size(), options_.tracks + 1);
  const auto plays = rows("streams");
  ASSERT_EQ(plays.size(), options_.streams + 1);
  std::size_t late = 0;
  for (std::size_t i = 1; i < plays.size(); ++i) {
    ASSERT_EQ(plays[i].size(), 7U);
    EXPECT_GE(std::stoull(plays[i][0]), 1U);
    EXPECT_LE(std::stoull(plays[i][0]), options_.users);
    EXPECT_TRUE(tracks.contains(plays[i][1]));
    EXPECT_GE(plays[i][2], "2025-05-01 00:00:00");
    EXPECT_LT(plays[i][2], "2025-06-10");
    late += i > 1 && plays[i][2] < plays[i - 1][2] ? 1 : 0;
  }
  EXPECT_GT(late, options_.streams / 400);
  EXPECT_LT(late, options_.streams / 100);
}

TEST_F(Generate, SplitsAddUpToAHundred) {
  ASSERT_TRUE(generate(folder_.string(), options_));
  std::map<std::string, long long> millionths;
  const auto splits = rows("splits");
  for (std::size_t i = 1; i < splits.size(); ++i) {
    std::string percent = splits[i][3];
    percent.erase(std::remove(percent.begin(), percent.end(), '.'), percent.end());
    millionths[splits[i][0]] += std::stoll(percent);
  }
  EXPECT_EQ(millionths.size(), options_.tracks);
  for (const auto& [track, sum] : millionths) {
    EXPECT_EQ(sum, 100'000'000) << track;
  }
}

TEST_F(Generate, EveryMonthHasItsPools) {
  ASSERT_TRUE(generate(folder_.string(), options_));
  std::set<std::string> months;
  const auto pools = rows("pools");
  for (std::size_t i = 1; i < pools.size(); ++i) {
    months.insert(pools[i][0]);
  }
  EXPECT_EQ(months, (std::set<std::string>{"2025-05-01", "2025-06-01"}));
}

TEST_F(Generate, RefusesWhatMakesNoSense) {
  options_.days = 0;
  EXPECT_EQ(generate(folder_.string(), options_).error().code, ErrorCode::kInvalidArgument);
  options_.days = 1;
  options_.first_day = "2025-02-30";
  EXPECT_EQ(generate(folder_.string(), options_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(Generate, TheSmallestWorldWorks) {
  options_.streams = 0;
  options_.tracks = 1;
  options_.users = 1;
  options_.days = 1;
  EXPECT_FALSE(bytes().empty());
  EXPECT_EQ(rows("streams").size(), 1U);
}

TEST_F(Generate, StopsWhenCancelledAndLeavesNoHalfFile) {
  std::atomic<bool> cancelled{true};
  options_.cancelled = &cancelled;
  EXPECT_EQ(generate(folder_.string(), options_).error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST(WeightedChoice, PicksInProportion) {
  const generator::WeightedChoice choice({1, 0, 6, 3});
  std::vector<std::uint64_t> counts(4);
  generator::Random random(1, generator::Purpose::kTrack, 0);
  for (int i = 0; i < 100'000; ++i) {
    ++counts[choice.pick(random.next())];
  }
  EXPECT_NEAR(static_cast<double>(counts[0]), 10'000, 500);
  EXPECT_EQ(counts[1], 0U);
  EXPECT_NEAR(static_cast<double>(counts[2]), 60'000, 500);
}

TEST(WeightedChoice, FlatterWeightsFallLikeThePowerThreeQuarters) {
  const generator::Random random(1, generator::Purpose::kUserShuffle, 0);
  auto weights = generator::flatter_zipf_weights(10'000, 0, random);
  std::sort(weights.rbegin(), weights.rend());
  // 1 / 10000^0.75 is a thousandth.
  EXPECT_NEAR(static_cast<double>(weights[0]) / weights[9'999], 1000, 1);
}

// Names and bytes of all files but those of the ledger, which tell times and names of inputs.
std::map<std::string, std::string> data_files(const fs::path& store) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(store)) {
    const std::string name = fs::relative(entry.path(), store).string();
    if (!entry.is_regular_file() || name.starts_with("snapshots/") || name == "STAVE") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[name] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

TEST_F(Generate, AStoreIsFilledAsTheDumpsWouldFillIt) {
  const fs::path dumps = folder_ / "dumps";
  const std::string by_dumps = (folder_ / "by-dumps.stave").string();
  const std::string at_once = (folder_ / "at-once.stave").string();
  ASSERT_TRUE(generate(dumps.string(), options_));
  ASSERT_TRUE(create_store(by_dumps, {}));
  for (const char* table : {"artists", "tracks", "users", "subscriptions", "royalty_rates", "pools",
                            "rightsholders", "splits", "campaigns", "sessions", "streams"}) {
    const auto imported =
        import_files(by_dumps, table, {(dumps / (std::string(table) + ".csv")).string()}, {});
    ASSERT_TRUE(imported) << imported.error().message;
  }
  const auto filled = generate_into(at_once, options_);
  ASSERT_TRUE(filled) << filled.error().message;
  const auto files = data_files(at_once);
  EXPECT_GT(files.size(), 40U);
  EXPECT_EQ(files, data_files(by_dumps));

  ASSERT_TRUE(generate_into(at_once, options_));
  EXPECT_EQ(files, data_files(at_once)) << "rows are in it twice";
}

TEST(Timeline, NeverGoesBackAndFillsTheDays) {
  const std::int64_t first = *generator::day_from_text("2025-05-01");
  const generator::Timeline timeline(first, 3);
  generator::Timeline::Cursor cursor(timeline);
  generator::Random random(1, generator::Purpose::kStream, 0);
  std::int64_t last = first * generator::kSecondsPerDay;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::int64_t time = cursor.at(i, 10'000, random);
    ASSERT_GE(time, last);
    last = time;
  }
  EXPECT_LT(last, (first + 3) * generator::kSecondsPerDay);
  EXPECT_GT(last, (first + 3) * generator::kSecondsPerDay - 600);
}

TEST(Calendar, MonthsEndWhereTheyDo) {
  const auto later = [](const char* text) {
    std::string out;
    generator::append_day(out, generator::month_later(*generator::day_from_text(text)));
    return out;
  };
  EXPECT_EQ(later("2025-01-31"), "2025-02-28");
  EXPECT_EQ(later("2024-01-31"), "2024-02-29");
  EXPECT_EQ(later("2025-12-05"), "2026-01-05");
}

}  // namespace
}  // namespace stave
