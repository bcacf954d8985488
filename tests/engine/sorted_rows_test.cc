// Orders of rows, and where keys change along them, for keys narrower and wider than a word.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "engine/operators/order_keys.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using Row = std::vector<std::int64_t>;

// Values that differ in the lowest bit, or in all of so many.
std::vector<Row> some_rows(const std::vector<unsigned>& widths) {
  std::mt19937 random(static_cast<unsigned>(widths.size()));
  std::vector<Row> rows(500);
  for (Row& row : rows) {
    for (const unsigned bits : widths) {
      const auto largest = static_cast<std::int64_t>((std::uint64_t{1} << bits) - 1);
      row.push_back(std::array<std::int64_t, 3>{0, 1, largest}[random() % 3]);
    }
  }
  return rows;
}

Relation relation_of(const std::vector<Row>& rows) {
  std::string columns;
  for (std::size_t i = 0; i < rows[0].size(); ++i) columns += fmt::format("c{}:i64 ", i);
  std::vector<std::string> lines;
  for (const Row& row : rows) lines.push_back(fmt::format("{}", fmt::join(row, " ")));
  SmallTables tables;
  return tables.make(columns, lines, 70);
}

void expect_borders(const std::vector<unsigned>& widths, int threads) {
  const std::vector<Row> rows = some_rows(widths);
  const Relation input = relation_of(rows);
  TestContext test(threads);
  std::vector<SortKey> sort;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    sort.push_back({column(input, fmt::format("c{}", i)), false});
  }
  const auto keys = make_order_keys(sort, input, test.context);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->bits(), std::accumulate(widths.begin(), widths.end(), 0U));
  std::vector<KeyBorders> borders(widths.size() + 1);
  for (std::size_t columns = 0; columns < borders.size(); ++columns) {
    borders[columns].columns = columns;
  }
  const auto sorted = sorted_rows(*keys, test.context, borders);
  ASSERT_TRUE(sorted);
  std::vector<RowNumber> expected(rows.size());
  std::iota(expected.begin(), expected.end(), RowNumber{0});
  std::ranges::stable_sort(expected, {}, [&](RowNumber row) { return rows[row]; });
  ASSERT_EQ(*sorted, expected);
  for (const KeyBorders& border : borders) {
    const auto end = static_cast<std::ptrdiff_t>(border.columns);
    ASSERT_EQ(border.begins.size(), rows.size());
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const bool begins = place == 0 || !std::equal(rows[expected[place]].begin(),
                                                    rows[expected[place]].begin() + end,
                                                    rows[expected[place - 1]].begin());
      ASSERT_EQ(border.begins[place] != 0, begins)
          << fmt::format("{} of {} bits, place {}", border.columns, fmt::join(widths, "+"), place);
    }
  }
}

TEST(SortedRows, TellWhereKeysOfEveryWidthChange) {
  const std::vector<std::vector<unsigned>> kWidths = {{5, 7},       {20, 44},         {40, 23, 1},
                                                      {40, 24, 30}, {63, 2, 3},       {30, 40, 9},
                                                      {63, 63, 63}, {60, 4, 62, 2, 5}};
  for (const auto& widths : kWidths) {
    for (const int threads : {1, 2}) expect_borders(widths, threads);
  }
}

}  // namespace
}  // namespace stave
