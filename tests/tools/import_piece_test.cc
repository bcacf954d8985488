// What a piece holds reads back as it went in, whatever its widths; and pieces held together in few
// bytes are the same values.
#include "tools/import/piece.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "tools/import/narrow_integers.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSecond = 1'000'000;

ColumnCells cells_of(const std::vector<std::int64_t>& values) {
  ColumnCells cells;
  cells.reset(Physical::kInt64, static_cast<std::uint32_t>(values.size()));
  cells.int64s = values;
  return cells;
}

PieceDraft piece_of(const ColumnCells& cells, const PieceRows& rows, bool times) {
  PieceDraft piece;
  append_piece_column(cells, rows, times, piece);
  piece.bytes.append(kTextPadding, '\0');
  return piece;
}

std::vector<std::int64_t> many(std::size_t count, std::int64_t least, std::int64_t most,
                               std::int64_t unit) {
  std::mt19937_64 random(count);
  std::vector<std::int64_t> values(count);
  for (std::int64_t& value : values) {
    value = (least +
             static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most - least + 1))) *
            unit;
  }
  return values;
}

TEST(Piece, HoldsIntegersOfEveryWidth) {
  for (const auto& values :
       {many(1, 5, 5, 1), many(1500, 0, 200, 1), many(1500, -300, 700, 1), many(513, 0, 70'000, 1),
        many(512, 0, 1LL << 25, 1), many(1500, -(1LL << 40), 1LL << 40, 1),
        many(1500, 0, 86'399, kSecond), many(1500, -90'000, 90'000, kSecond),
        std::vector<std::int64_t>{kLeast, 0, kMost}, std::vector<std::int64_t>{0, kSecond, 1}}) {
    for (const bool times : {false, true}) {
      const ColumnCells cells = cells_of(values);
      const auto rows = static_cast<std::uint32_t>(values.size());
      const PieceDraft piece = piece_of(cells, {0, rows}, times);
      PieceColumn column;
      read_piece_column(rows, piece.bytes, column);
      ASSERT_EQ(column.form, PieceForm::kValues);
      const PieceIntegers integers(rows, piece.bytes);
      for (std::uint32_t row = 0; row < rows; ++row) {
        EXPECT_EQ(column.cells.int64s[row], values[row]);
        EXPECT_EQ(integers.at(row), values[row]);
        EXPECT_LE((static_cast<std::uint64_t>(values[row]) - integers.base()) / integers.unit(),
                  integers.most());
      }
    }
  }
}

TEST(Piece, TakesTheRowsOfAList) {
  const std::vector<std::int64_t> values = many(2000, 0, 300, 1);
  std::vector<std::uint32_t> list;
  for (std::uint32_t row = 0; row < values.size(); row += 1 + row % 3) list.push_back(row);
  const PieceDraft piece = piece_of(cells_of(values), PieceRows(list), false);
  const PieceIntegers integers(static_cast<std::uint32_t>(list.size()), piece.bytes);
  for (std::uint32_t i = 0; i < list.size(); ++i) EXPECT_EQ(integers.at(i), values[list[i]]);
}

TEST(Piece, VisitsTheNullsAlone) {
  const std::vector<std::int64_t> values = many(200, 0, 9, 1);
  ColumnCells cells = cells_of(values);
  const std::vector<std::uint32_t> nulls{0, 63, 64, 130, 199};
  for (const std::uint32_t row : nulls) cells.set_null(row);
  const PieceDraft piece = piece_of(cells, {0, 200}, false);
  std::vector<std::uint32_t> found;
  PieceIntegers(200, piece.bytes).visit_nulls(200, [&](std::uint32_t row) {
    found.push_back(row);
  });
  EXPECT_EQ(found, nulls);
}

// The pieces' rows one after another, each at a place that is its own.
void expect_same(const std::vector<std::vector<std::int64_t>>& parts, bool times, bool narrow) {
  std::vector<PieceDraft> pieces;
  IntegerFrame frame;
  bool fits = true;
  std::vector<std::int64_t> all;
  for (const auto& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    pieces.push_back(piece_of(cells_of(part), {0, static_cast<std::uint32_t>(part.size())}, times));
    const auto rows = static_cast<std::uint32_t>(part.size());
    fits = fits && frame.include(PieceIntegers(rows, pieces.back().bytes));
  }
  ASSERT_EQ(fits, narrow);
  if (!fits) return;
  std::vector<std::uint32_t> places(all.size());
  std::iota(places.begin(), places.end(), 0U);
  std::shuffle(places.begin(), places.end(), std::mt19937(1));
  NarrowIntegers integers;
  integers.start(frame, all.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto rows = static_cast<std::uint32_t>(parts[i].size());
    integers.append(PieceIntegers(rows, pieces[i].bytes), rows,
                    std::span(places).subspan(begin, rows));
    begin += rows;
  }
  std::vector<std::int64_t> found(all.size());
  integers.read(0, std::span(found));
  for (std::size_t row = 0; row < all.size(); ++row) EXPECT_EQ(found[places[row]], all[row]);
}

TEST(NarrowIntegers, HoldPiecesTogetherWhereTheyAreOfOneKind) {
  expect_same({many(100, 0, 200, 1), many(300, 5, 250, 1)}, false, true);
  expect_same({many(100, 900, 1000, 1), many(300, -5, 250, 1)}, false, true);
  expect_same({many(600, 0, 86'399, kSecond), many(600, -100, 50, kSecond)}, true, true);
  expect_same({many(10, 0, 1, 1), many(10, 1LL << 31, (1LL << 31) + 5, 1)}, false, true);
  // Too far apart, and of different units.
  expect_same({many(10, 0, 1, 1), many(10, 1LL << 33, (1LL << 33) + 5, 1)}, false, false);
  expect_same({{kLeast, kLeast + 1}, {kMost}}, false, false);
  expect_same({{0, kSecond}, {1, 2}}, true, false);
  expect_same({{0, kSecond}, {kSecond / 2, kSecond + kSecond / 2}}, true, false);
}

}  // namespace
}  // namespace stave::loading
