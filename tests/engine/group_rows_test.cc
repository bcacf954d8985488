// Every row with a value reaches its group, however many states there are.
#include "engine/aggregate/group_rows.h"

#include <gtest/gtest.h>

#include <vector>

namespace stave {
namespace {

TEST(GroupRows, EveryValueReachesItsState) {
  for (const std::size_t groups : {std::size_t{10}, std::size_t{200'000}}) {
    for (const std::uint32_t rows : {0U, 1U, 31U, 32U, 33U, 1000U}) {
      for (const bool has_nulls : {false, true}) {
        std::vector<std::uint32_t> group_of(rows);
        std::vector<std::uint64_t> validity(rows / 64 + 1, ~std::uint64_t{0});
        std::vector<std::uint64_t> expected(groups);
        for (std::uint32_t row = 0; row < rows; ++row) {
          group_of[row] = static_cast<std::uint32_t>(row * 7919 % groups);
          if (has_nulls && row % 3 == 0) {
            validity[row / 64] &= ~(std::uint64_t{1} << (row % 64));
          } else {
            expected[group_of[row]] += row + 1;
          }
        }
        Vector argument;
        argument.size = rows;
        argument.validity = has_nulls ? validity.data() : nullptr;
        std::vector<std::uint64_t> states(groups);
        const GroupRows all{rows, group_of.data(), 0, {}};
        for_each_value(all, argument, std::span(states),
                       [&](std::uint32_t group, std::uint32_t row) { states[group] += row + 1; });
        EXPECT_EQ(states, expected) << groups << " groups, " << rows << " rows";
      }
    }
  }
}

}  // namespace
}  // namespace stave
