// Rows counted by place, and places in the order of their keys, against maps.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "engine/aggregate/counted_places.h"
#include "engine/context.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

class CountedPlacesTest : public testing::Test {
 protected:
  CountedPlacesTest() : snapshot_(SmallStore().open()), context_(*snapshot_, two_threads()) {}

  static ExecutionOptions two_threads() {
    ExecutionOptions options;
    options.threads = 2;
    return options;
  }

  static PlaceGrid grid_of(std::vector<CodeRange> columns) {
    std::vector<std::size_t> fastest_first(columns.size());
    std::iota(fastest_first.begin(), fastest_first.end(), std::size_t{0});
    return *PlaceGrid::make(std::move(columns), fastest_first, std::uint64_t{1} << 24);
  }

  std::map<std::uint32_t, std::uint64_t> counts_of(CountedPlaces& counted) {
    const auto met = counted.met(context_);
    EXPECT_TRUE(met);
    std::vector<std::uint64_t> counts(met->size());
    counted.count(*met, counts);
    std::map<std::uint32_t, std::uint64_t> found;
    for (std::size_t i = 0; i < met->size(); ++i) found.emplace((*met)[i], counts[i]);
    EXPECT_EQ(found.size(), met->size());  // each once
    return found;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  ExecutionContext context_;
};

// Some codes come once, some thousands of times.
std::vector<std::uint32_t> skewed_codes(std::mt19937& random, std::uint32_t size) {
  std::vector<std::uint32_t> codes(1 + random() % 5000);
  for (std::uint32_t& code : codes) {
    code = static_cast<std::uint32_t>(random() % (random() % 3 == 0 ? size : 1 + size / 1000));
  }
  return codes;
}

TEST_F(CountedPlacesTest, CountEveryRow) {
  std::mt19937 random(11);
  for (const std::uint32_t size : {1U, 63U, 1000U, 65'537U, 700'000U}) {
    for (const bool lists_places : {false, true}) {
      CountedPlaces counted(grid_of({{0, size}}), lists_places);
      CountedPlaces other(grid_of({{0, size}}), lists_places);
      for (int scope = 0; scope < 3; ++scope) {
        std::map<std::uint32_t, std::uint64_t> expected;
        for (CountedPlaces* const each : {&counted, &other}) {
          if (each == &other && lists_places) continue;
          const std::vector<std::uint32_t> codes = skewed_codes(random, size);
          for (const std::uint32_t code : codes) ++expected[code];
          const std::uint32_t* const column = codes.data();
          each->add({&column, 1}, static_cast<std::uint32_t>(codes.size()));
          std::vector<GroupRun> runs(codes.size());
          for (std::size_t run = 0; run < runs.size(); ++run) {
            runs[run].rows = static_cast<std::uint32_t>(1 + random() % 600);
            expected[codes[run]] += runs[run].rows;
          }
          each->add_runs({&column, 1}, runs);
        }
        if (!lists_places) counted.take(other);
        EXPECT_EQ(counts_of(counted), expected) << size << lists_places << scope;
        counted.clear();
        other.clear();
      }
    }
  }
}

TEST_F(CountedPlacesTest, ABorderOfABytePassesToOneRow) {
  for (const std::uint32_t rows : {254U, 255U, 256U, 509U, 510U, 511U, 765U, 766U}) {
    for (const std::uint32_t more : {0U, 1U, 255U, 256U}) {
      CountedPlaces counted(grid_of({{0, 100}}), false);
      CountedPlaces other(grid_of({{0, 100}}), false);
      const std::vector<std::uint32_t> codes(rows, 7);
      const std::uint32_t* const column = codes.data();
      counted.add({&column, 1}, rows);
      if (more > 0) other.add({&column, 1}, std::min(more, rows));
      counted.take(other);
      const std::map<std::uint32_t, std::uint64_t> expected{{7, rows + std::min(more, rows)}};
      EXPECT_EQ(counts_of(counted), expected) << rows << " " << more;
    }
  }
}

// Ranks that are no order of the codes, codes that nothing has; the last column narrow enough for a
// word, and not.
TEST_F(CountedPlacesTest, PlacesComeByKey) {
  constexpr std::uint32_t kRows = 20'000;
  std::mt19937 random(5);
  for (const std::uint32_t last : {1U, 40U, 64U, 65U, 300U}) {
    for (const std::vector<std::size_t>& fastest_first :
         {std::vector<std::size_t>{2, 1, 0}, std::vector<std::size_t>{0, 2, 1}}) {
      const std::vector<CodeRange> columns{{0, 4}, {1, 700}, {0, last}};
      const PlaceGrid grid = *PlaceGrid::make(columns, fastest_first, 1U << 24);
      std::vector<std::vector<std::uint32_t>> rows(3);
      for (std::uint32_t row = 0; row < kRows; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
          const std::uint32_t size = columns[column].end - columns[column].first;
          const std::uint32_t offset = static_cast<std::uint32_t>(random()) % size;
          rows[column].push_back(columns[column].first + offset - (offset % 3 == 2 ? 1 : 0));
        }
      }
      std::vector<std::uint32_t> met(kRows);
      const std::uint32_t* const codes[] = {rows[0].data(), rows[1].data(), rows[2].data()};
      grid.find(codes, kRows, met.data());
      std::sort(met.begin(), met.end());
      met.erase(std::unique(met.begin(), met.end()), met.end());
      std::vector<std::vector<std::uint32_t>> groups(3);
      for (std::size_t column = 0; column < 3; ++column) {
        grid.append_codes(met, column, groups[column]);
      }
      std::vector<RankedKey> keys(3);
      keys[0].ranks_used = 4;  // codes are in order, null last
      for (const std::size_t column : {1U, 2U}) {
        std::vector<std::uint32_t> present = groups[column];
        std::sort(present.begin(), present.end());
        present.erase(std::unique(present.begin(), present.end()), present.end());
        std::shuffle(present.begin(), present.end(), random);
        keys[column].rank_of_code.assign(columns[column].end, 0);
        for (std::size_t rank = 0; rank < present.size(); ++rank) {
          keys[column].rank_of_code[present[rank]] = static_cast<std::uint32_t>(rank);
        }
        keys[column].ranks_used = static_cast<std::uint32_t>(present.size());
      }
      for (std::size_t column = 0; column < 3; ++column) keys[column].codes = groups[column];
      const auto expected = order_groups(keys, static_cast<std::uint32_t>(met.size()), context_);
      const auto found = grid.order(met, keys, context_);
      ASSERT_TRUE(expected && found);
      EXPECT_EQ(*found, *expected) << last;
    }
  }
}

}  // namespace
}  // namespace stave
