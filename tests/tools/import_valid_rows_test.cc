// Bits of rows against a list of truth values.
#include "tools/import/valid_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace stave::loading {
namespace {

void check(const ValidRows& rows, const std::vector<bool>& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_EQ(rows[i], wanted[i]) << i;
  for (std::size_t begin = 0; begin < wanted.size(); begin += 64) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{63}, std::size_t{64},
                                    std::size_t{130}, wanted.size() - begin}) {
      if (begin + count > wanted.size()) continue;
      const auto first = wanted.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto end = first + static_cast<std::ptrdiff_t>(count);
      ASSERT_EQ(rows.are_all(begin, count), std::find(first, end, false) == end)
          << begin << " and " << count;
      ASSERT_EQ(rows.words(begin, count).size(), (count + 63) / 64);
    }
  }
}

TEST(ValidRows, AreWhatWasSet) {
  std::mt19937 random(1);
  for (const std::size_t size : {1U, 63U, 64U, 65U, 300U}) {
    ValidRows rows;
    rows.resize(size);
    std::vector<bool> wanted(size);
    check(rows, wanted);
    for (int step = 0; step < 200; ++step) {
      const std::size_t begin = random() % size;
      const std::size_t end = begin + random() % (size - begin + 1);
      if (random() % 3 != 0) {
        rows.set(begin, step % 2 == 0);
        wanted[begin] = step % 2 == 0;
      } else {
        rows.set_all(begin, end);
        std::fill(wanted.begin() + static_cast<std::ptrdiff_t>(begin),
                  wanted.begin() + static_cast<std::ptrdiff_t>(end), true);
      }
      ASSERT_NO_FATAL_FAILURE(check(rows, wanted));
    }
    rows.set_all(0, size);
    EXPECT_TRUE(rows.are_all(0, size));
  }
}

TEST(ValidRows, WhatComesNewHoldsNothing) {
  ValidRows rows;
  rows.resize(130);
  rows.set_all(0, 130);
  rows.resize(70);
  rows.resize(200);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(rows[i], i < 70) << i;
}

}  // namespace
}  // namespace stave::loading
