// Values go back to the rows that they were taken from, on every target, and other rows keep
// theirs.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <random>

#include "engine/runtime/select_rows.h"
#include "storage/kernel_dispatch.h"

namespace stave {
namespace {

template <typename T>
void expect_scattered(Representation representation) {
  std::mt19937_64 random(5);
  for (std::uint32_t rows = 1; rows < 700; rows += rows < 140 ? 1 : 41) {
    std::vector<std::uint64_t> bits(words_for(rows));
    for (std::uint64_t& word : bits) {
      const std::uint64_t draws[] = {0, random() & random() & random(), random(),
                                     ~std::uint64_t{0}};
      word = draws[random() % 4];
    }
    if (rows % 64 != 0) bits.back() &= (std::uint64_t{1} << rows % 64) - 1;
    // No more values than there are bits: what lies behind them must not be read.
    std::vector<T> values;
    std::vector<T> expected(rows);
    VectorBuffer buffer;
    T* const out = buffer.room<T>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      out[row] = static_cast<T>(row);
      expected[row] = out[row];
      if (!bit_at(bits.data(), row)) continue;
      values.push_back(static_cast<T>(1'000'000 + row));
      expected[row] = values.back();
    }
    values.shrink_to_fit();
    Vector vector;
    vector.representation = representation;
    vector.size = static_cast<std::uint32_t>(values.size());
    vector.data = values.data();
    scatter(vector, bits.data(), rows, out, nullptr);
    ASSERT_EQ(std::vector<T>(out, out + rows), expected) << rows;
  }
}

TEST(Scatter, PutsValuesWhereTheirBitsAre) {
  for (std::int64_t rest = machine_targets(); rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    if ((target & HWY_TARGETS) == 0) continue;
    use_kernel_targets(target);
    SCOPED_TRACE(hwy::TargetName(target));
    expect_scattered<std::uint32_t>(Representation::kCode);
    expect_scattered<std::int64_t>(Representation::kInt64);
  }
  use_kernel_targets(0);
}

}  // namespace
}  // namespace stave
