// Entries sorted by words, whatever these are like, are as std::sort has them.
#include "engine/operators/bucket_sort.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

using Words = std::function<std::uint64_t(std::mt19937_64&)>;

struct Case {
  const char* name;
  Words word;
};

const std::vector<Case> kCases = {
    {"spread", [](auto& random) { return random(); }},
    {"few", [](auto& random) { return random() % 5 << 59; }},
    {"small, and some large",
     [](auto& random) { return random() % 9 == 0 ? random() : random() % 3; }},
    {"equal", [](auto&) { return std::uint64_t{7}; }},
    {"told by the lowest bits",
     [](auto& random) { return (random() % 3000 << 50) | random() % 4; }},
    {"runs of many sizes",
     [](auto& random) { return (random() % 64 << 58) | (random() % 2 << 30) | random() % 1000; }},
};

class BucketSort : public ::testing::TestWithParam<int> {
 protected:
  BucketSort() : snapshot_(SmallStore().open()) { options_.threads = GetParam(); }
  ExecutionOptions options_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_P(BucketSort, KeepsRowsOfOneWordInOrder) {
  ExecutionContext context(*snapshot_, options_);
  std::mt19937_64 random(3);
  for (const Case& one : kCases) {
    for (const std::uint32_t rows : {0U, 1U, 255U, 4'000U, 65'536U, 300'000U}) {
      std::vector<KeyedRow> entries;
      for (std::uint32_t row = 0; row < rows; ++row) entries.push_back({one.word(random), row});
      const auto less = [](const KeyedRow& left, const KeyedRow& right) {
        return left.word != right.word ? left.word < right.word : left.row < right.row;
      };
      std::vector<KeyedRow> expected = entries;
      std::sort(expected.begin(), expected.end(), less);
      ASSERT_TRUE(bucket_sort(entries, {}, less, context));
      for (std::uint32_t place = 0; place < rows; ++place) {
        ASSERT_EQ(entries[place].row, expected[place].row) << one.name << ' ' << rows;
      }
    }
  }
}

// A second word, which bits do not tell of.
TEST_P(BucketSort, SortsWhatTiesByTheRest) {
  ExecutionContext context(*snapshot_, options_);
  std::mt19937_64 random(4);
  for (const Case& one : kCases) {
    std::vector<KeyedRow> entries;
    std::vector<std::uint64_t> rest;
    for (std::uint32_t row = 0; row < 100'000; ++row) {
      entries.push_back({one.word(random), row});
      rest.push_back(random() % 50'000);
    }
    const auto less = [&](const KeyedRow& left, const KeyedRow& right) {
      if (left.word != right.word) return left.word < right.word;
      return rest[left.row] != rest[right.row] ? rest[left.row] < rest[right.row]
                                               : left.row < right.row;
    };
    std::vector<KeyedRow> expected = entries;
    std::sort(expected.begin(), expected.end(), less);
    ASSERT_TRUE(bucket_sort(entries, {0, 64, false}, less, context));
    for (std::size_t place = 0; place < entries.size(); ++place) {
      ASSERT_EQ(entries[place].row, expected[place].row) << one.name;
    }
  }
}

TEST_P(BucketSort, SortsIntegersByTheirHighBits) {
  ExecutionContext context(*snapshot_, options_);
  std::mt19937_64 random(5);
  for (const unsigned key_bits : {1U, 7U, 12U, 40U}) {
    constexpr unsigned kRowBits = 18;
    std::vector<std::uint64_t> entries;
    for (std::uint64_t row = 0; row < 200'000; ++row) {
      entries.push_back((random() >> (64 - key_bits)) << kRowBits | row);
    }
    std::vector<std::uint64_t> expected = entries;
    std::sort(expected.begin(), expected.end());
    ASSERT_TRUE(
        bucket_sort(entries, {kRowBits, kRowBits + key_bits, true}, std::less<>(), context));
    EXPECT_EQ(entries, expected) << key_bits;
  }
}

TEST_P(BucketSort, SortsWordsWithoutBitsByTheRest) {
  ExecutionContext context(*snapshot_, options_);
  for (const unsigned bit : {0U, 20U, 64U}) {
    for (const std::uint32_t rows : {1'000U, 100'000U}) {
      std::vector<KeyedRow> rising;
      for (std::uint32_t row = 0; row < rows; ++row) rising.push_back({7, row});
      std::vector<KeyedRow> entries(rising.rbegin(), rising.rend());
      const auto less = [](const KeyedRow& left, const KeyedRow& right) {
        return left.row < right.row;
      };
      ASSERT_TRUE(bucket_sort(entries, {bit, bit, false}, less, context));
      ASSERT_TRUE(std::ranges::equal(entries, rising, {}, &KeyedRow::row, &KeyedRow::row))
          << bit << ' ' << rows;
      ASSERT_TRUE(bucket_sort(entries, {bit, bit, true}, less, context));
      EXPECT_TRUE(std::ranges::equal(entries, rising, {}, &KeyedRow::row, &KeyedRow::row))
          << bit << ' ' << rows;
    }
  }
}

// A digit tells of one entry, wherever that is.
TEST(SortByDigits, OneEntryIsUnlikeTheOthers) {
  const auto less = [](const KeyedRow& left, const KeyedRow& right) {
    return left.word != right.word ? left.word < right.word : left.row < right.row;
  };
  for (const std::uint32_t place : {0U, 150U, 299U}) {
    for (const unsigned bit : {0U, 7U, 16U, 41U, 63U}) {
      for (const bool is_higher : {false, true}) {
        const std::uint64_t other = std::uint64_t{1} << bit;
        std::vector<KeyedRow> entries;
        for (std::uint32_t row = 0; row < 300; ++row) {
          entries.push_back({(row == place) == is_higher ? other : 0, row});
        }
        std::vector<KeyedRow> expected = entries;
        std::sort(expected.begin(), expected.end(), less);
        std::vector<KeyedRow> room(entries.size());
        sort_by_digits(std::span(entries), std::span(room), {}, less);
        EXPECT_TRUE(std::ranges::equal(entries, expected, {}, &KeyedRow::row, &KeyedRow::row))
            << place << ' ' << bit << ' ' << is_higher;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, BucketSort, ::testing::Values(1, 3));

}  // namespace
}  // namespace stave
