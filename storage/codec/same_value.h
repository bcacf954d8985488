// Values are equal here where a reader could not tell them apart: doubles by their bits.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace stave {

// What to compare, sort and hash a value by.
template <typename T>
auto identity_of(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    return value;
  }
}

template <typename T>
bool same_value(const T& left, const T& right) {
  return identity_of(left) == identity_of(right);
}

}  // namespace stave
