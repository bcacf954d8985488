// A dimension's column by code: every value at its code, whatever blocks and threads it came by.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

#include "engine/aggregate/group_rows.h"
#include "engine/context.h"
#include "engine/runtime/narrow_lookup.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

constexpr std::uint32_t kTracks = 140'000;  // nine blocks

bool has_duration(std::uint32_t track) {
  return track % 3 != 0;
}

SmallStore many_tracks() {
  std::vector<SmallTrack> tracks;
  for (std::uint32_t i = 0; i < kTracks; ++i) {
    tracks.push_back({fmt::format("t{}", i), fmt::format("g{}", i % 7),
                      has_duration(i) ? std::optional<std::int64_t>(i) : std::nullopt});
  }
  SmallStore store;
  store.add_tracks(tracks);
  store.add_plays(100, {{1, "t5", 100 * 86'400'000'000, 1}, {1, "lost", 100 * 86'400'000'000, 1}});
  return store;
}

TEST(LookupArray, HoldsEachValueAtItsCode) {
  const auto snapshot = many_tracks().open();
  for (const int threads : {1, 3}) {
    ExecutionOptions options;
    options.threads = threads;
    ExecutionContext context(*snapshot, options);
    const auto durations = context.lookup("tracks", "duration_ms");
    const auto genres = context.lookup("tracks", "genre");
    const auto keys = context.domain("track");
    ASSERT_TRUE(durations && genres && keys);
    ASSERT_EQ((*durations)->values.size, (*keys)->size() + 1);
    EXPECT_EQ((*durations)->range, std::pair(std::int64_t{1}, std::int64_t{kTracks - 1}));
    const std::uint32_t lost = (*keys)->find_string("lost");
    for (std::uint32_t code = 0; code <= (*keys)->size(); ++code) {
      const bool is_track = code != kNullCode && code != lost;
      const std::uint32_t track = is_track ? static_cast<std::uint32_t>(std::stoul(
                                                 std::string((*keys)->string_at(code).substr(1))))
                                           : 0;
      const bool is_known = is_track && has_duration(track);
      ASSERT_EQ(is_valid((*durations)->values.validity, code), is_known) << code;
      if (is_known) {
        ASSERT_EQ((*durations)->values.values<std::int64_t>()[code], track);
      }
      const std::uint32_t genre = (*genres)->values.values<std::uint32_t>()[code];
      ASSERT_EQ(genre == kNullCode, !is_track);
      if (is_track) {
        ASSERT_EQ((*genres)->values.dictionary->string_at(genre), fmt::format("g{}", track % 7));
      }
    }
  }
}

TEST(LookupArray, IsTheSameWhereItsIntegersAreNarrow) {
  const auto snapshot = many_tracks().open();
  for (const int threads : {1, 3}) {
    ExecutionOptions options;
    options.threads = threads;
    ExecutionContext context(*snapshot, options);
    const auto narrow = context.lookup("tracks", "duration_ms", LookupWidth::kNarrow);
    const auto whole = context.lookup("tracks", "duration_ms");
    ASSERT_TRUE(narrow && whole);
    ASSERT_NE((*narrow)->narrow, nullptr);
    EXPECT_EQ((*narrow)->values.data, nullptr);
    EXPECT_EQ((*whole)->narrow, nullptr);
    EXPECT_EQ((*narrow)->range, (*whole)->range);
    const std::uint32_t slots = (*whole)->values.size;
    ASSERT_EQ((*narrow)->values.size, slots);
    std::vector<std::uint32_t> every(slots);
    std::iota(every.begin(), every.end(), 0U);
    std::vector<std::int64_t> values(slots);
    (*narrow)->narrow->gather(every.data(), slots, values.data());
    for (const std::uint32_t code : every) {
      const bool is_known = is_valid((*whole)->values.validity, code);
      ASSERT_EQ(is_valid((*narrow)->values.validity, code), is_known) << code;
      if (is_known) {
        ASSERT_EQ(values[code], (*whole)->values.values<std::int64_t>()[code]) << code;
      }
    }
  }
}

TEST(ExecutionContext, AJobWithinAJobIsDoneByItsCallerAlone) {
  const auto snapshot = many_tracks().open();
  ExecutionOptions options;
  options.threads = 3;
  ExecutionContext context(*snapshot, options);
  std::atomic<int> done{0};
  const auto outer = context.parallel_for(20, [&](std::size_t, int) {
    return context.parallel_for(30, [&](std::size_t, int worker) -> Result<void> {
      EXPECT_EQ(worker, 0);
      ++done;
      return {};
    });
  });
  EXPECT_TRUE(outer);
  EXPECT_EQ(done, 600);
}

}  // namespace
}  // namespace stave
