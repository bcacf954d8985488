// Sums, differences and products of 64-bit integers that wrap: for ranges that are known to fit,
// and for what lies under nulls.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply };

// out[i] = a[i] operation b[i]
void combine(Arithmetic operation, const std::int64_t* a, const std::int64_t* b, std::size_t rows,
             std::int64_t* out);
// out[i] = a[i] operation constant
void combine(Arithmetic operation, const std::int64_t* a, std::int64_t constant, std::size_t rows,
             std::int64_t* out);
// out[i] = constant operation b[i]
void combine(Arithmetic operation, std::int64_t constant, const std::int64_t* b, std::size_t rows,
             std::int64_t* out);

namespace scalar {

template <Arithmetic kOperation>
inline __attribute__((always_inline)) std::int64_t combined(std::int64_t a, std::int64_t b) {
  const auto left = static_cast<std::uint64_t>(a);
  const auto right = static_cast<std::uint64_t>(b);
  if constexpr (kOperation == Arithmetic::kAdd) return static_cast<std::int64_t>(left + right);
  if constexpr (kOperation == Arithmetic::kSubtract) return static_cast<std::int64_t>(left - right);
  return static_cast<std::int64_t>(left * right);
}

}  // namespace scalar
}  // namespace stave::kernels
