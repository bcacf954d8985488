// The begin of the bucket of `width` that holds each value: floor((value + offset) / width) *
// width - offset. Values that are mostly in the bucket of the one before, as times in order are,
// cost a comparison each; others a division.
// The caller guarantees a width above zero. Arithmetic wraps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t offset, std::int64_t* out);

namespace scalar {

inline std::int64_t floor_to_bucket(std::int64_t value, std::int64_t width, std::int64_t offset) {
  const auto shifted = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) +
                                                 static_cast<std::uint64_t>(offset));
  const std::int64_t remainder = shifted % width;
  const std::int64_t since = remainder < 0 ? remainder + width : remainder;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) -
                                   static_cast<std::uint64_t>(since));
}
inline void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                             std::int64_t offset, std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = floor_to_bucket(values[row], width, offset);
  }
}

}  // namespace scalar
}  // namespace stave::kernels
