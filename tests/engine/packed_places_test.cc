// Several keys as one number order rows as the keys do one after another.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

#include "engine/aggregate/result_vector.h"
#include "engine/operators/packed_places.h"

namespace stave {
namespace {

constexpr std::size_t kRows = 200;
using Cell = std::optional<std::int64_t>;

struct Column {
  std::vector<Cell> cells;
  Vector vector;
  ColumnShape shape;
  SortKey key;
};

Column column_of(std::int64_t least, std::int64_t most, bool descending, std::mt19937_64& random) {
  Column column;
  column.key.descending = descending;
  column.shape.type = kInt64Type;
  column.shape.representation = Representation::kInt64;
  column.shape.range = std::pair(least, most);
  std::uniform_int_distribution<std::int64_t> any(least, most);
  std::vector<std::int64_t> values(kRows);
  ValidityBits validity(kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    const auto kind = random() % 8;
    column.cells.emplace_back(kind == 0 ? least : kind == 1 ? most : any(random));
    values[row] = *column.cells[row];
    if (kind != 2) continue;
    column.cells[row].reset();
    values[row] = static_cast<std::int64_t>(random());  // beneath a null is anything
    validity.clear(row);
  }
  column.vector =
      make_vector(kInt64Type, Representation::kInt64, std::move(values), std::move(validity));
  return column;
}

// Negative where the left cell comes first; nulls are last.
int compare(const Cell& left, const Cell& right, bool descending) {
  if (!left || !right) return left ? -1 : right ? 1 : 0;
  if (*left == *right) return 0;
  return (*left < *right) != descending ? -1 : 1;
}

RC_GTEST_PROP(PackedPlaces, OrderRowsAsTheirKeysDo, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto range = *rc::gen::element(
      std::tuple(std::int64_t{0}, std::int64_t{0}, 4U),
      std::tuple(std::int64_t{-3}, std::int64_t{4}, 4U),
      std::tuple(std::int64_t{0}, std::int64_t{(1 << 16) - 2}, 4U),
      std::tuple(std::int64_t{0}, std::int64_t{(1 << 16) - 1}, 3U),  // null has the 17th bit
      std::tuple(kMost - 5, kMost, 4U), std::tuple(-kMost - 1, std::int64_t{-2}, 1U),
      std::tuple(-kMost, kMost, 1U), std::tuple(-kMost - 1, kMost, 0U));
  std::vector<Column> columns;
  std::vector<SortKey> keys;
  std::vector<ColumnShape> shapes;
  std::vector<Vector> vectors;
  for (int i = 0; i < 4; ++i) {
    columns.push_back(column_of(std::get<0>(range), std::get<1>(range), random() % 2 == 0, random));
    keys.push_back(columns.back().key);
    shapes.push_back(columns.back().shape);
    vectors.push_back(columns.back().vector);
  }
  const PackedPlaces packed(keys, shapes);
  RC_ASSERT(packed.keys() == std::get<2>(range));
  std::vector<std::uint64_t> places(kRows);
  packed.find(vectors, places);
  for (std::size_t left = 0; left < kRows && packed.keys() > 0; ++left) {
    const std::size_t right = random() % kRows;
    int order = 0;
    for (std::size_t key = 0; key < packed.keys() && order == 0; ++key) {
      order = compare(columns[key].cells[left], columns[key].cells[right], keys[key].descending);
    }
    RC_ASSERT((order < 0) == (places[left] < places[right]));
    RC_ASSERT((order > 0) == (places[left] > places[right]));
  }
}

TEST(PackedPlaces, EndBeforeAKeyWithoutARange) {
  std::vector<SortKey> keys(3);
  std::vector<ColumnShape> shapes(3);
  for (ColumnShape& shape : shapes) {
    shape.type = kInt64Type;
    shape.representation = Representation::kInt64;
    shape.range = std::pair(std::int64_t{0}, std::int64_t{9});
  }
  EXPECT_EQ(PackedPlaces(keys, shapes).keys(), 3U);
  shapes[1].range.reset();
  EXPECT_EQ(PackedPlaces(keys, shapes).keys(), 1U);
  shapes[0].representation = Representation::kCode;
  EXPECT_EQ(PackedPlaces(keys, shapes).keys(), 0U);
}

}  // namespace
}  // namespace stave
