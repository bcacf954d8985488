// Runs of rows with values, against the bits one by one.
#include "storage/codec/valid_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace stave {
namespace {

TEST(ValidRuns, AreTheRowsWhoseBitsAreSet) {
  std::mt19937_64 random(3);
  for (const std::uint32_t rows : {1U, 63U, 64U, 65U, 128U, 1000U}) {
    for (int round = 0; round < 50; ++round) {
      std::vector<std::uint64_t> bits((rows + 63) / 64);
      for (std::uint64_t& word : bits) {
        // Of ones, of zeros, and of both; those behind the last row as they come.
        word = round % 4 == 0 ? ~std::uint64_t{0} : round % 4 == 1 ? 0 : random();
        if (round % 4 == 3) word |= random() | random() | random();
      }
      std::vector<bool> found(rows);
      std::uint32_t last_end = 0;
      bool first_run = true;
      visit_valid_runs(bits, rows, [&](std::uint32_t first, std::uint32_t count) {
        ASSERT_GT(count, 0U);
        ASSERT_LE(first + count, rows);
        // As long as they come.
        ASSERT_TRUE(first_run || first > last_end);
        first_run = false;
        last_end = first + count;
        for (std::uint32_t row = first; row < last_end; ++row) found[row] = true;
      });
      for (std::uint32_t row = 0; row < rows; ++row) {
        ASSERT_EQ(found[row], (bits[row / 64] >> (row % 64) & 1) != 0);
      }
    }
  }
  std::uint32_t all = 0;
  visit_valid_runs({}, 70, [&](std::uint32_t first, std::uint32_t count) { all += first + count; });
  EXPECT_EQ(all, 70U);
}

}  // namespace
}  // namespace stave
