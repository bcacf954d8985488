// Comparisons of a run of values with a constant, a range or another run, to a bitmap.
// Bit i of word i / 64 is row i; bits past the last row are clear. `bits` has (rows + 63) / 64
// words. Doubles: NaN equals NaN and is greater than every number, -0 equals 0, as everywhere in
// the engine. Each kernel has its scalar twin, the reference in tests.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual
};

void compare_constant(const std::uint32_t* values, std::size_t rows, Comparison comparison,
                      std::uint32_t constant, std::uint64_t* bits);
void compare_constant(const std::int64_t* values, std::size_t rows, Comparison comparison,
                      std::int64_t constant, std::uint64_t* bits);
void compare_constant(const double* values, std::size_t rows, Comparison comparison,
                      double constant, std::uint64_t* bits);
void compare_vectors(const std::uint32_t* left, const std::uint32_t* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits);
void compare_vectors(const std::int64_t* left, const std::int64_t* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits);
void compare_vectors(const double* left, const double* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits);
// low <= value <= high
void between(const std::uint32_t* values, std::size_t rows, std::uint32_t low, std::uint32_t high,
             std::uint64_t* bits);
void between(const std::int64_t* values, std::size_t rows, std::int64_t low, std::int64_t high,
             std::uint64_t* bits);

// The order that the comparisons above stand for.
template <typename T>
inline bool compare_values(T left, T right, Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return left == right;
    case Comparison::kNotEqual:
      return left != right;
    case Comparison::kLess:
      return left < right;
    case Comparison::kLessEqual:
      return left <= right;
    case Comparison::kGreater:
      return left > right;
    case Comparison::kGreaterEqual:
      return left >= right;
  }
  return false;
}
inline int order_of(double left, double right) {
  const bool left_nan = left != left;
  const bool right_nan = right != right;
  if (left_nan || right_nan) return static_cast<int>(left_nan) - static_cast<int>(right_nan);
  return left < right ? -1 : static_cast<int>(left > right);
}
inline bool compare_values(double left, double right, Comparison comparison) {
  return compare_values<int>(order_of(left, right), 0, comparison);
}

namespace scalar {

template <typename T>
void compare_constant(const T* values, std::size_t rows, Comparison comparison, T constant,
                      std::uint64_t* bits) {
  for (std::size_t word = 0; word * 64 < rows; ++word) bits[word] = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    bits[row / 64] |= std::uint64_t{compare_values(values[row], constant, comparison)}
                      << (row % 64);
  }
}
template <typename T>
void compare_vectors(const T* left, const T* right, std::size_t rows, Comparison comparison,
                     std::uint64_t* bits) {
  for (std::size_t word = 0; word * 64 < rows; ++word) bits[word] = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    bits[row / 64] |= std::uint64_t{compare_values(left[row], right[row], comparison)}
                      << (row % 64);
  }
}
template <typename T>
void between(const T* values, std::size_t rows, T low, T high, std::uint64_t* bits) {
  for (std::size_t word = 0; word * 64 < rows; ++word) bits[word] = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    bits[row / 64] |= std::uint64_t{low <= values[row] && values[row] <= high} << (row % 64);
  }
}

}  // namespace scalar
}  // namespace stave::kernels
