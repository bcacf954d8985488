// Groups of keys of words, against a map of the standard library.
#include "engine/operators/key_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace stave {
namespace {

TEST(KeyTable, NumbersKeysInTheOrderTheyAreMetAndFindsThem) {
  std::mt19937_64 random(7);
  for (const std::size_t words : {1U, 2U, 5U}) {
    for (const std::uint64_t values : {1U, 3U, 5'000U}) {
      KeyTable table(words);
      std::map<std::vector<std::uint64_t>, std::uint32_t> expected;
      const auto batch_of = [&](std::uint32_t rows, std::uint64_t below,
                                std::vector<std::uint8_t>& takes_part) {
        std::vector<std::uint64_t> keys(rows * words, 0);
        takes_part.resize(rows);
        for (std::uint32_t row = 0; row < rows; ++row) {
          keys[row * words + row % words] = random() % below;
          takes_part[row] = random() % 8 != 0 ? 1 : 0;
        }
        return keys;
      };
      const auto key_at = [&](const std::vector<std::uint64_t>& keys, std::uint32_t row) {
        const auto first = keys.begin() + static_cast<std::ptrdiff_t>(row * words);
        return std::vector<std::uint64_t>(first, first + static_cast<std::ptrdiff_t>(words));
      };
      for (const std::uint32_t rows : {0U, 1U, 1'500U, 7'000U}) {
        std::vector<std::uint8_t> takes_part;
        const auto looked_up = batch_of(rows, values * 2, takes_part);
        std::vector<std::uint32_t> groups(rows);
        table.find(looked_up.data(), takes_part.data(), rows, groups.data());
        for (std::uint32_t row = 0; row < rows; ++row) {
          const auto known = expected.find(key_at(looked_up, row));
          const bool is_known = takes_part[row] != 0 && known != expected.end();
          ASSERT_EQ(groups[row], is_known ? known->second : KeyTable::kNoGroup);
        }
        const auto added = batch_of(rows, values, takes_part);
        table.add(added.data(), takes_part.data(), rows, groups.data());
        for (std::uint32_t row = 0; row < rows; ++row) {
          if (takes_part[row] == 0) {
            ASSERT_EQ(groups[row], KeyTable::kNoGroup);
            continue;
          }
          const auto next = static_cast<std::uint32_t>(expected.size());
          ASSERT_EQ(groups[row], expected.emplace(key_at(added, row), next).first->second);
        }
        ASSERT_EQ(table.groups(), expected.size());
      }
    }
  }
}

}  // namespace
}  // namespace stave
