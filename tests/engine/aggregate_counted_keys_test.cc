// Groups nearly as many as rows: keys are set aside and counted, which must show in nothing.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/counted_keys.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

AggregateCall count_rows() {
  AggregateCall made;
  made.function = AggregateFunction::kCount;
  made.type = kInt64Type;
  made.name = "n";
  return made;
}

// As 64-bit values, nulls marked.
std::vector<std::string> lines_of(const Relation& groups) {
  std::vector<std::string> lines;
  for (const Batch& batch : groups.batches) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      std::string line;
      for (const Vector& vector : batch.columns) {
        line += " ";
        if (!is_valid(vector.validity, row)) {
          line += "-";
        } else if (vector.dictionary != nullptr) {
          line += vector.dictionary->string_at(vector.values<std::uint32_t>()[row]);
        } else {
          line += std::to_string(vector.values<std::int64_t>()[row]);
        }
      }
      lines.push_back(line);
    }
  }
  return lines;
}

// Rows of several keys each, rows of many keys, rows of few, and the same key in row after row.
std::vector<std::string> some_rows(int several, int many, int few, int alike) {
  std::mt19937 random(3);
  std::vector<std::string> lines;
  const auto add = [&](unsigned users) {
    const auto user = static_cast<unsigned>(random() % users);
    lines.push_back((user == 7 ? "-" : "u" + std::to_string(user)) + " t" +
                    std::to_string(random() % users));
  };
  for (int row = 0; row < several; ++row) add(50);
  for (int row = 0; row < many; ++row) add(20'000);
  for (int row = 0; row < few; ++row) add(10);
  for (int row = 0; row < alike; ++row) lines.push_back("u1 t1");
  return lines;
}

// By all columns of `input`, and what is asked of each group.
void expect_as_by_hash(const Relation& input, const std::vector<AggregateCall>& calls) {
  AggregateNode node;
  node.aggregates = calls;
  for (const Field& field : input.fields) {
    node.keys.push_back({field.name, column(input, field.name)});
  }
  std::vector<Field> fields = input.fields;
  for (const AggregateCall& call : calls) fields.push_back({call.name, call.type});
  AggregateTuning by_hash;
  by_hash.strategy = GroupStrategy::kHash;
  TestContext plain(1);
  const auto expected =
      run_aggregate(node, fields, Pipeline::over_relation(shared(input)), plain.context, by_hash);
  ASSERT_TRUE(expected);
  for (const int threads : {1, 2, 3}) {
    for (const std::uint32_t rows_on_trial : {1U, 700U, 3000U}) {
      TestContext test(threads);
      AggregateTuning tuning;
      tuning.rows_on_trial = rows_on_trial;
      const auto groups =
          run_aggregate(node, fields, Pipeline::over_relation(shared(input)), test.context, tuning);
      ASSERT_TRUE(groups);
      ASSERT_EQ(lines_of(*groups), lines_of(*expected)) << threads << " " << rows_on_trial;
    }
  }
}

void expect_as_by_hash(const std::vector<std::string>& lines, bool counts = true) {
  SmallTables tables;
  const Relation input = tables.make("user:code@u track:code@t", lines, 1000);
  expect_as_by_hash(
      input, counts ? std::vector{count_rows(), count_rows()} : std::vector<AggregateCall>());
}

// So many columns of numbers below `most`.
std::vector<std::string> some_numbers(std::size_t columns, unsigned most) {
  std::mt19937 random(4);
  std::vector<std::string> lines(50'000);
  for (std::string& line : lines) {
    for (std::size_t i = 0; i < columns; ++i) line += std::to_string(random() % most) + " ";
  }
  return lines;
}

TEST(CountedKeys, AreGroupsLikeOthers) {
  expect_as_by_hash(some_rows(0, 60'000, 0, 0));
  expect_as_by_hash(some_rows(0, 60'000, 0, 0), false);
}

TEST(CountedKeys, MeetThoseOfThreadsThatLookedThemUp) {
  expect_as_by_hash(some_rows(0, 30'000, 30'000, 5000));
  expect_as_by_hash(some_rows(0, 0, 30'000, 0));
  expect_as_by_hash(some_rows(0, 0, 0, 30'000));
}

// On trial some keys come twice, and yet there are more than half as many groups as rows.
TEST(CountedKeys, KeepWhatWasCountedOnTrial) {
  expect_as_by_hash(some_rows(3000, 60'000, 0, 0));
}

// Five codes of 15 bits; numbers whose codes are given as they come; what counts do not tell.
TEST(CountedKeys, AreNotThoseOfEveryGrouping) {
  SmallTables tables;
  const std::vector<AggregateCall> count = {count_rows()};
  expect_as_by_hash(
      tables.make("a:int@a b:int@b c:int@c d:int@d e:int@e", some_numbers(5, 20'000), 1000), count);
  expect_as_by_hash(tables.make("a:f64 b:f64", some_numbers(2, 20'000), 1000), count);
  const Relation codes = tables.make("f:int@f g:int@g", some_numbers(2, 20'000), 1000);
  AggregateCall sum = count_rows();
  sum.function = AggregateFunction::kSum;
  sum.arguments = {column(codes, "f")};
  expect_as_by_hash(codes, {count_rows(), sum});
}

TEST(CountedKeys, CountsEveryKeyOfEveryWidth) {
  for (const unsigned bits : {1U, 2U, 17U, 37U, 63U, 64U}) {
    TestContext test(2);
    std::mt19937_64 random(bits);
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - bits);
    const std::uint64_t rows = bits == 63 ? 100 : 200'000;
    CountedKeys counted(bits, rows);
    CountedKeys more(bits, rows);
    std::map<std::uint64_t, std::uint64_t> expected;
    for (std::uint64_t row = 0; row < rows; ++row) {
      // Few keys often, and many once.
      const std::uint64_t key = (row % 3 == 0 ? random() : row % 5) & mask;
      (row % 2 == 0 ? counted : more).add(key);
      ++expected[key];
    }
    counted.take(more);
    const auto parts = counted.count(test.context);
    ASSERT_TRUE(parts);
    std::map<std::uint64_t, std::uint64_t> found;
    for (const CountedKeys::Part& part : *parts) {
      for (std::size_t i = 0; i < part.keys.size(); ++i) {
        EXPECT_TRUE(found.emplace(part.keys[i], part.rows[i]).second);
      }
    }
    EXPECT_EQ(found, expected) << bits;
  }
}

}  // namespace
}  // namespace stave
