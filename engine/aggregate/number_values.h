// The numbers of a vector as one C++ type, for the aggregates that sort or square them.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "engine/vector.h"

namespace stave {

// Every row of `values` (kInt64, kInt128 or kFloat64) as T, where they lie or in `room`; f64 of a
// decimal is its nearest value up to one rounding of the unscaled integer and one of the division.
// Rows without a value give anything.
template <typename T>
const T* read_numbers(const Vector& values, std::vector<T>& room) {
  const auto convert = [&](const auto* from) -> const T* {
    if constexpr (std::is_same_v<T, std::remove_cvref_t<decltype(*from)>>) {
      return from;
    } else {
      room.resize(values.size);
      double divisor = 1;
      if (values.type.kind == TypeKind::kDecimal) {
        for (int i = 0; i < values.type.scale; ++i) divisor *= 10;
      }
      for (std::uint32_t row = 0; row < values.size; ++row) {
        if constexpr (std::is_same_v<T, double>) {
          room[row] = static_cast<double>(from[row]) / divisor;
        } else {
          room[row] = static_cast<T>(from[row]);
        }
      }
      return room.data();
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
