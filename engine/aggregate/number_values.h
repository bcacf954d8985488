// The numbers of a vector as one C++ type, for the aggregates that sort or square them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "engine/vector.h"

namespace stave {

// Every row of `values` (kInt64, kInt128 or kFloat64) as T; f64 of a decimal is its nearest value
// up to one rounding of the unscaled integer and one of the division. Rows without a value give
// anything.
template <typename T>
void read_numbers(const Vector& values, T* out) {
  const auto convert = [&](const auto* from) {
    if constexpr (std::is_same_v<T, std::remove_cvref_t<decltype(*from)>>) {
      std::copy_n(from, values.size, out);
      return;
    }
    double divisor = 1;
    if (values.type.kind == TypeKind::kDecimal) {
      for (int i = 0; i < values.type.scale; ++i) divisor *= 10;
    }
    for (std::uint32_t row = 0; row < values.size; ++row) {
      if constexpr (std::is_same_v<T, double>) {
        out[row] = static_cast<double>(from[row]) / divisor;
      } else {
        out[row] = static_cast<T>(from[row]);
      }
    }
  };
  switch (values.representation) {
    case Representation::kInt128:
      return convert(values.values<Int128>());
    case Representation::kFloat64:
      return convert(values.values<double>());
    default:
      return convert(values.values<std::int64_t>());
  }
}

}  // namespace stave
